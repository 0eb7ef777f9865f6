//! The pool of earlier translations that a discriminator sees again, so that it
//! does not forget them (Shrivastava et al. 2016, arXiv:1612.07828, section
//! 2.3; arXiv:1703.10593, section 4).

use candle_core::{Device, Tensor};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;

use super::super::State;
use crate::error::{Error, Result};
use crate::kernel::{Batch, Buffer};

/// The images in the pool.
#[derive(Default)]
pub(super) struct Pool(Vec<Vec<f32>>);

impl Pool {
    /// A random number for each of `count` images that will find the pool full,
    /// with `most` images.
    pub fn draw(&self, count: usize, most: usize, rng: &mut ChaCha8Rng) -> Vec<u32> {
        if most == 0 {
            return Vec::new();
        }
        let room = most.saturating_sub(self.0.len());
        (room..count).map(|_| rng.next_u32()).collect()
    }

    /// The input of D in place of `fresh`, (batch, image): the same images
    /// while the pool has fewer than `most`; then, with equal probability, each
    /// image or one of the pool, which it replaces. `drawn` are the numbers of
    /// [`Self::draw`].
    pub fn exchange(&mut self, fresh: &Batch, most: usize, drawn: &[u32]) -> Batch {
        self.0.truncate(most);
        if most == 0 {
            return fresh.clone();
        }
        let (mut output, mut drawn) = (Buffer::from(fresh.numbers()), drawn.iter());
        for image in output.chunks_exact_mut(fresh.columns()) {
            if self.0.len() < most {
                self.0.push(image.to_vec());
            } else if let Some(number) = drawn.next().filter(|&number| number & 1 == 1) {
                let place = (u64::from(number >> 1) * most as u64) >> 31;
                image.swap_with_slice(&mut self.0[place as usize]);
            }
        }
        Batch::new(fresh.rows(), output)
    }

    /// Adds the images to `state`.
    pub fn save(&self, name: &str, state: &mut State) -> Result<()> {
        if let Some(first) = self.0.first() {
            let shape = (self.0.len(), first.len());
            let kept = Tensor::from_vec(self.0.concat(), shape, &Device::Cpu)?;
            state.tensors.push((name.to_owned(), kept));
        }
        Ok(())
    }

    /// Restores what [`Self::save`] added: images of `size` numbers. Errors:
    /// `Checkpoint` for another size.
    pub fn load(&mut self, name: &str, state: &State, size: usize) -> Result<()> {
        self.0.clear();
        if let Ok(kept) = state.tensor(name) {
            if kept.rank() != 2 || kept.dim(1)? != size {
                let reason = format!("{name} is {:?}, expected rows of {size}", kept.shape());
                return Err(Error::Checkpoint { reason });
            }
            self.0 = kept.to_vec2()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PIXELS;
    use crate::rng::{Purpose, stream};

    fn digits(from: usize, count: usize) -> Batch {
        let numbers: Vec<f32> = (0..count * PIXELS).map(|i| (from + i / PIXELS) as f32).collect();
        Batch::new(count, numbers)
    }

    fn first(digits: &Batch) -> Vec<usize> {
        digits.numbers().chunks(PIXELS).map(|digit| digit[0] as usize).collect()
    }

    /// Draws and exchanges.
    fn shown(pool: &mut Pool, fresh: &Batch, most: usize, rng: &mut ChaCha8Rng) -> Vec<usize> {
        let drawn = pool.draw(fresh.rows(), most, rng);
        first(&pool.exchange(fresh, most, &drawn))
    }

    #[test]
    fn full_pool_swaps_half_of_the_images() {
        let (mut pool, mut rng) = (Pool::default(), stream(1, Purpose::Penalty));
        let fill = digits(0, 50);
        assert_eq!(shown(&mut pool, &fill, 50, &mut rng), first(&fill));
        let (mut swapped, mut seen) = (0, Vec::new());
        for round in 1..=20 {
            let from = 50 * round;
            let shown = shown(&mut pool, &digits(from, 50), 50, &mut rng);
            swapped += shown.iter().enumerate().filter(|&(i, &digit)| digit != from + i).count();
            seen.extend(shown);
        }
        assert!((450..550).contains(&swapped), "{swapped} of 1,000 were swapped");
        let shown = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), shown, "an image was shown twice, although it had been replaced");
    }

    #[test]
    fn pool_of_size_zero_passes_images_through() {
        let (fresh, mut rng) = (digits(3, 4), stream(1, Purpose::Penalty));
        assert_eq!(shown(&mut Pool::default(), &fresh, 0, &mut rng), first(&fresh));
    }
}

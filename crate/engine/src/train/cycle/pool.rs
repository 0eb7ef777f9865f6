//! Earlier translations that a discriminator is shown again, so that it does
//! not forget them (Shrivastava et al. 2016, arXiv:1612.07828, section 2.3;
//! arXiv:1703.10593, section 4).

use candle_core::{Device, Tensor};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;

use super::super::State;
use crate::error::{Error, Result};
use crate::kernel::{Batch, Buffer};

/// The images kept.
#[derive(Default)]
pub(super) struct Pool(Vec<Vec<f32>>);

impl Pool {
    /// A random number for each of `count` digits that will find the pool, of
    /// `most`, full.
    pub fn draw(&self, count: usize, most: usize, rng: &mut ChaCha8Rng) -> Vec<u32> {
        if most == 0 {
            return Vec::new();
        }
        let room = most.saturating_sub(self.0.len());
        (room..count).map(|_| rng.next_u32()).collect()
    }

    /// What D sees instead of `fresh`, (batch, image): while fewer than `most`
    /// are kept, the same; then for each digit with even chances the same, or
    /// one of those kept, whose place it takes, as [`Self::draw`] drew.
    pub fn exchange(&mut self, fresh: &Batch, most: usize, drawn: &[u32]) -> Batch {
        self.0.truncate(most);
        if most == 0 {
            return fresh.clone();
        }
        let (mut seen, mut drawn) = (Buffer::from(fresh.numbers()), drawn.iter());
        for digit in seen.chunks_exact_mut(fresh.columns()) {
            if self.0.len() < most {
                self.0.push(digit.to_vec());
            } else if let Some(number) = drawn.next().filter(|&number| number & 1 == 1) {
                let place = (u64::from(number >> 1) * most as u64) >> 31;
                digit.swap_with_slice(&mut self.0[place as usize]);
            }
        }
        Batch::new(fresh.rows(), seen)
    }

    /// Adds what is kept to `state`.
    pub fn save(&self, name: &str, state: &mut State) -> Result<()> {
        if let Some(first) = self.0.first() {
            let shape = (self.0.len(), first.len());
            let kept = Tensor::from_vec(self.0.concat(), shape, &Device::Cpu)?;
            state.tensors.push((name.to_owned(), kept));
        }
        Ok(())
    }

    /// Takes back what [`Self::save`] added: images of `size` numbers.
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
    fn half_of_what_is_made_is_swapped_once_the_pool_is_full() {
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
        assert_eq!(seen.len(), shown, "a digit was shown twice, though its place was taken");
    }

    #[test]
    fn a_pool_of_none_passes_digits_on() {
        let (fresh, mut rng) = (digits(3, 4), stream(1, Purpose::Penalty));
        assert_eq!(shown(&mut Pool::default(), &fresh, 0, &mut rng), first(&fresh));
    }
}

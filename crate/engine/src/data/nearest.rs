//! The training digits nearest to a digit: is it one of them, or new?

use super::Dataset;
use crate::error::{Error, Result};

/// A training digit near to another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// Its number within the set.
    pub index: u32,
    /// Its class, if it has one.
    pub class: Option<u8>,
    /// Euclidean distance of the pixels in [0, 1].
    pub distance: f32,
}

/// A search through a set, part by part: digits that are drawn when first
/// needed take their time.
pub struct Nearest {
    digit: Vec<u8>,
    count: usize,
    but: Option<u32>,
    next: u32,
    /// Squares of distances and numbers, nearest first.
    found: Vec<(u64, u32)>,
}

impl Nearest {
    /// For the `count` digits of `data` nearest to the bytes of one; number
    /// `but` is left out. Errors: another size than those of `data`.
    pub fn new(digit: &[u8], data: &Dataset, count: usize, but: Option<u32>) -> Result<Self> {
        let size = data.sample().shape.size();
        if digit.len() != size {
            let (got, expected) = (digit.len().to_string(), size.to_string());
            return Err(Error::DigitSize { got, expected });
        }
        Ok(Self {
            digit: digit.to_vec(),
            count,
            but,
            next: 0,
            found: Vec::with_capacity(count + 1),
        })
    }

    /// Looks at the next `most` digits of those that are in; whether it has
    /// seen them all.
    pub fn work(&mut self, data: &mut Dataset, most: u32) -> bool {
        let end = data.available().min(self.next.saturating_add(most));
        for index in (self.next..end).filter(|&index| Some(index) != self.but) {
            let square = square(&self.digit, data.digit(index));
            if self.found.len() == self.count
                && self.found.last().is_none_or(|&(worst, _)| square >= worst)
            {
                continue;
            }
            let place = self.found.partition_point(|&(other, _)| other <= square);
            self.found.insert(place, (square, index));
            self.found.truncate(self.count);
        }
        self.next = end;
        end >= data.available()
    }

    /// Those found so far, nearest first.
    pub fn found(&self, data: &Dataset) -> Vec<Neighbour> {
        let neighbour = |&(square, index): &(u64, u32)| Neighbour {
            index,
            class: data.label(index),
            distance: (square as f32).sqrt() / 255.,
        };
        self.found.iter().map(neighbour).collect()
    }
}

/// The square of the distance of two images' bytes.
fn square(a: &[u8], b: &[u8]) -> u64 {
    a.iter().zip(b).map(|(&a, &b)| u64::from(a.abs_diff(b)).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PIXELS;

    #[test]
    fn the_nearest_come_first_and_one_may_be_left_out() {
        let mut data = Dataset::files(false);
        let digits: Vec<u8> = [0u8, 10, 3, 200].iter().flat_map(|&ink| [ink; PIXELS]).collect();
        data.push_images(&crate::data::idx::write_images(&digits)).unwrap();
        data.close().unwrap();
        let look = |data: &mut Dataset, but, part| {
            let mut search = Nearest::new(&[4; PIXELS], data, 2, but).unwrap();
            while !search.work(data, part) {}
            search.found(data)
        };
        let all = look(&mut data, None, 100);
        assert_eq!(all.iter().map(|near| near.index).collect::<Vec<_>>(), [2, 0]);
        let expected = 28. / 255.;
        assert!((all[0].distance - expected).abs() < 1e-6 && all[0].class.is_none(), "{all:?}");
        assert_eq!(look(&mut data, None, 1), all, "part by part is the same");
        let others = look(&mut data, Some(2), 3);
        assert_eq!(others.iter().map(|near| near.index).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(Nearest::new(&[0; 9], &data, 1, None).err().unwrap().code(), "digit-size");
    }
}

//! The training images nearest to an image, to find whether it is a copy or
//! new.

use super::Dataset;
use crate::error::{Error, Result};

/// A training image near another image.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// Its index in the set.
    pub index: u32,
    /// Its class, if it has one.
    pub class: Option<u8>,
    /// Euclidean distance of the images, pixels in [0, 1].
    pub distance: f32,
}

/// A search through a set, part by part, since digits that are drawn when first
/// needed take time.
pub struct Nearest {
    digit: Vec<u8>,
    count: usize,
    excluded: Option<u32>,
    next: u32,
    /// Squared distances and indices, nearest first.
    found: Vec<(u64, u32)>,
}

impl Nearest {
    /// A search for the `count` images of `data` nearest to `digit`, the bytes
    /// of an image; image `excluded` is left out. Errors: `DigitSize` if the
    /// images of `data` have another size.
    pub fn new(digit: &[u8], data: &Dataset, count: usize, excluded: Option<u32>) -> Result<Self> {
        let size = data.sample().shape.size();
        if digit.len() != size {
            let (got, expected) = (digit.len().to_string(), size.to_string());
            return Err(Error::DigitSize { got, expected });
        }
        Ok(Self {
            digit: digit.to_vec(),
            count,
            excluded,
            next: 0,
            found: Vec::with_capacity(count + 1),
        })
    }

    /// Compares the next `most` loaded images; true once all of them are
    /// compared.
    pub fn work(&mut self, data: &mut Dataset, most: u32) -> bool {
        let end = data.available().min(self.next.saturating_add(most));
        for index in (self.next..end).filter(|&index| Some(index) != self.excluded) {
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

    /// The nearest images found so far, nearest first.
    pub fn found(&self, data: &Dataset) -> Vec<Neighbour> {
        let neighbour = |&(square, index): &(u64, u32)| Neighbour {
            index,
            class: data.label(index),
            distance: (square as f32).sqrt() / 255.,
        };
        self.found.iter().map(neighbour).collect()
    }
}

/// The squared distance of the bytes of two images.
fn square(a: &[u8], b: &[u8]) -> u64 {
    a.iter().zip(b).map(|(&a, &b)| u64::from(a.abs_diff(b)).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::PIXELS;

    #[test]
    fn nearest_images_come_first_and_one_can_be_excluded() {
        let mut data = Dataset::files(false);
        let digits: Vec<u8> = [0u8, 10, 3, 200].iter().flat_map(|&ink| [ink; PIXELS]).collect();
        data.push_images(&crate::data::idx::write_images(&digits)).unwrap();
        data.close().unwrap();
        let find = |data: &mut Dataset, excluded, part| {
            let mut search = Nearest::new(&[4; PIXELS], data, 2, excluded).unwrap();
            while !search.work(data, part) {}
            search.found(data)
        };
        let all = find(&mut data, None, 100);
        assert_eq!(all.iter().map(|neighbour| neighbour.index).collect::<Vec<_>>(), [2, 0]);
        let expected = 28. / 255.;
        assert!((all[0].distance - expected).abs() < 1e-6 && all[0].class.is_none(), "{all:?}");
        assert_eq!(find(&mut data, None, 1), all, "a search in parts gives the same");
        let others = find(&mut data, Some(2), 3);
        assert_eq!(others.iter().map(|neighbour| neighbour.index).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(Nearest::new(&[0; 9], &data, 1, None).err().unwrap().code(), "digit-size");
    }
}

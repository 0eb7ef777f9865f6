//! Memory that is reused: training needs the same few buffers in every step.

use std::ops::{Deref, DerefMut};

use super::Real;

/// Numbers whose memory comes from a store of the thread and returns to it on
/// drop.
pub struct Buffer<T: Real>(Vec<T>);

/// Maximum total of numbers in the store of a thread.
const MOST: usize = 1 << 23;

/// Maximum number of buffers in a store: each search visits all of them.
const BUFFERS: usize = 256;

/// Free buffers for reuse.
#[derive(Default)]
pub struct Store<T> {
    free: Vec<Vec<T>>,
    numbers: usize,
}

impl<T: Real> Store<T> {
    /// The smallest buffer with room for `length` numbers and at most
    /// 2 `length` + 64; None if there is none.
    fn take(&mut self, length: usize) -> Option<Vec<T>> {
        let fits = |buffer: &Vec<T>| (length..=2 * length + 64).contains(&buffer.capacity());
        let sizes = self.free.iter().enumerate().filter(|(_, buffer)| fits(buffer));
        let (place, _) = sizes.min_by_key(|(_, buffer)| buffer.capacity())?;
        let buffer = self.free.swap_remove(place);
        self.numbers -= buffer.capacity();
        Some(buffer)
    }

    fn put(&mut self, buffer: Vec<T>) {
        if self.free.len() == BUFFERS {
            self.numbers -= self.free.swap_remove(0).capacity();
        }
        if buffer.capacity() > 0 && self.numbers + buffer.capacity() <= MOST {
            self.numbers += buffer.capacity();
            self.free.push(buffer);
        }
    }
}

impl<T: Real> Buffer<T> {
    /// `length` numbers of unspecified value, for callers that write them all.
    pub fn unspecified(length: usize) -> Self {
        let stored = T::store().try_with(|store| store.borrow_mut().take(length)).ok().flatten();
        let mut numbers = stored.unwrap_or_default();
        numbers.resize(length, T::ZERO);
        Self(numbers)
    }

    /// `length` zeros.
    pub fn zeros(length: usize) -> Self {
        let mut zeros = Self::unspecified(length);
        zeros.fill(T::ZERO);
        zeros
    }

    /// The numbers of an iterator.
    pub fn of(numbers: impl ExactSizeIterator<Item = T>) -> Self {
        let mut buffer = Self::unspecified(numbers.len());
        buffer.iter_mut().zip(numbers).for_each(|(place, number)| *place = number);
        buffer
    }
}

impl<T: Real> Drop for Buffer<T> {
    fn drop(&mut self) {
        let numbers = std::mem::take(&mut self.0);
        // A thread that ends no longer has a store.
        let _ = T::store().try_with(|store| store.borrow_mut().put(numbers));
    }
}

impl<T: Real> Clone for Buffer<T> {
    fn clone(&self) -> Self {
        Self::from(&self.0[..])
    }
}

impl<T: Real> From<Vec<T>> for Buffer<T> {
    fn from(numbers: Vec<T>) -> Self {
        Self(numbers)
    }
}

impl<T: Real> From<&[T]> for Buffer<T> {
    fn from(numbers: &[T]) -> Self {
        let mut buffer = Self::unspecified(numbers.len());
        buffer.copy_from_slice(numbers);
        buffer
    }
}

impl<T: Real> Deref for Buffer<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Real> DerefMut for Buffer<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn freed_memory_is_reused_and_zeros_are_zero() {
        let mut first = Buffer::<f32>::unspecified(1000);
        first.fill(3.);
        let place = first.as_ptr();
        drop(first);
        let second = Buffer::<f32>::zeros(900);
        assert_eq!((second.as_ptr(), second.len()), (place, 900));
        assert!(second.iter().all(|&number| number == 0.));
        let other = Buffer::<f32>::zeros(900);
        assert_ne!(other.as_ptr(), place, "two buffers share memory");
    }

    #[test]
    fn store_keeps_no_more_than_its_limits() {
        let mut store = Store::<f64>::default();
        store.put(vec![0.; 10]);
        store.put(vec![0.; MOST]);
        assert_eq!((store.free.len(), store.numbers), (1, 10));
        assert!(store.take(1).is_some_and(|buffer| buffer.len() == 10));
        assert!(store.take(1).is_none() && store.numbers == 0);
        // Buffers allocated elsewhere arrive without limit.
        (1..=2 * BUFFERS).for_each(|length| store.put(vec![0.; length]));
        assert_eq!(store.free.len(), BUFFERS);
        assert_eq!(store.numbers, store.free.iter().map(Vec::capacity).sum::<usize>());
    }
}

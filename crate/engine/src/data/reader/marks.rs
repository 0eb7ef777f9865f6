//! Labels in common forms: bytes, rows of numbers (QMNIST), one-hot, from 1.

use super::layout::Layout;
use crate::Error;
use crate::data::CLASSES;

/// Labels that were read.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Marks {
    /// A class from 0 to 9 for each picture.
    Classes(Vec<u8>),
    /// Not classes of digits, and why.
    Useless(Error),
}

impl Marks {
    /// The classes; `None` if the labels are not classes of digits.
    pub(super) fn classes(&self) -> Option<&[u8]> {
        match self {
            Self::Classes(classes) => Some(classes),
            Self::Useless(_) => None,
        }
    }

    /// From one number per picture, which should be an integer from 0 to 9.
    pub(super) fn of(name: &str, labels: &[f64]) -> Self {
        let bounds = labels.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), &x| {
            (least.min(x), most.max(x))
        });
        let (least, most) = bounds;
        let named = || name.to_owned();
        let whole = labels.iter().all(|label| label.fract() == 0.);
        if whole && least == 1. && most == CLASSES as f64 {
            // Some files count digits from 1, others write 10 for 0: the file
            // does not say which.
            return Self::Useless(Error::LabelsFromOne { name: named() });
        }
        if least < 0. || most >= CLASSES as f64 || !whole {
            let (least, most) = (least.to_string(), most.to_string());
            return Self::Useless(Error::LabelsBeyond { name: named(), least, most });
        }
        Self::Classes(labels.iter().map(|&label| label as u8).collect())
    }

    /// From a complete file of labels with this [`Layout`].
    pub(super) fn read(name: &str, layout: &Layout, file: &[u8]) -> Self {
        let body = file.get(layout.start..).unwrap_or_default();
        let width = layout.numbers();
        let row = |row: usize| (0..width).map(move |place| layout.number(body, row, place));
        let one_hot = |values: Vec<f64>| {
            let hot = values.iter().position(|&value| value == 1.)?;
            let rest = values.iter().filter(|&&value| value != 0.).count();
            (rest == 1).then_some(hot as f64)
        };
        if width > 1
            && let Some(hot) =
                (0..layout.count).map(|i| one_hot(row(i).collect())).collect::<Option<Vec<_>>>()
        {
            return Self::of(name, &hot);
        }
        // QMNIST: the class, then who wrote the digit, when and where.
        let first: Vec<f64> = (0..layout.count).map(|i| layout.number(body, i, 0)).collect();
        Self::of(name, &first)
    }
}

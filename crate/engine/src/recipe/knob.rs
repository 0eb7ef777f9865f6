//! Knobs: settings of a recipe, with their bounds and their values as text.

use super::{Hyper, Sizes};
use crate::error::{Error, Result};

/// A setting that can be changed.
pub struct Knob {
    /// Its name in addresses, commands and checkpoints; the page's sentences
    /// are `knob.<key>.name` and `.why`.
    pub key: &'static str,
    /// Its group of controls: `networks`, `game` or `rates`.
    pub group: &'static str,
    /// The type of its values.
    pub kind: Kind,
    /// Whether it takes effect at the next step; otherwise it shapes the nets
    /// and needs a new run.
    pub live: bool,
    /// Another knob, and its values under which this one has an effect; a
    /// recipe without that other knob has the first of them.
    pub when: Option<(&'static str, &'static [&'static str])>,
    /// The field of its value.
    pub slot: fn(&mut Hyper) -> Slot<'_>,
}

/// A knob that takes effect at the next step.
pub(super) const fn live(
    key: &'static str,
    group: &'static str,
    kind: Kind,
    slot: fn(&mut Hyper) -> Slot<'_>,
) -> Knob {
    Knob { key, group, kind, live: true, when: None, slot }
}

/// A knob that shapes the nets or their optimisers, and needs a new run.
pub(super) const fn shape(
    key: &'static str,
    group: &'static str,
    kind: Kind,
    slot: fn(&mut Hyper) -> Slot<'_>,
) -> Knob {
    Knob { key, group, kind, live: false, when: None, slot }
}

/// The type of the values of a knob.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A number from `min` to `max`; its slider is logarithmic if `log` is set.
    #[allow(missing_docs)]
    Number { min: f64, max: f64, log: bool },
    /// A whole number from `min` to `max`.
    #[allow(missing_docs)]
    Integer { min: u32, max: u32 },
    /// `true` or `false`.
    Flag,
    /// One of the words of the slot's [`Choice`].
    Choice,
    /// Layer sizes such as `100-100`.
    Sizes,
}

/// A setting's field in [`Hyper`], by its type.
pub enum Slot<'a> {
    /// Of [`Kind::Number`].
    Number(&'a mut f64),
    /// Of [`Kind::Integer`].
    Integer(&'a mut u32),
    /// Of [`Kind::Flag`].
    Flag(&'a mut bool),
    /// Of [`Kind::Choice`].
    Choice(&'a mut dyn Choice),
    /// Of [`Kind::Sizes`].
    Sizes(&'a mut Sizes),
}

/// A closed set of words.
pub trait Choice {
    /// All words, in display order.
    fn options(&self) -> &'static [&'static str];
    /// The current word.
    fn name(&self) -> &'static str;
    /// Sets the word; false, without a change, if it is not one of
    /// [`Self::options`].
    fn choose(&mut self, name: &str) -> bool;
}

/// Implements [`Choice`] for an enum with the words given.
macro_rules! choice {
    ($type:ident { $($variant:ident = $name:literal),* }) => {
        impl Choice for $type {
            fn options(&self) -> &'static [&'static str] {
                &[$($name),*]
            }
            fn name(&self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
            fn choose(&mut self, name: &str) -> bool {
                match name {
                    $($name => *self = Self::$variant,)*
                    _ => return false,
                }
                true
            }
        }
    };
}
pub(super) use choice;

impl Knob {
    /// The same knob, with an effect only if the knob `key` has one of
    /// `values`.
    pub(super) const fn when(self, key: &'static str, values: &'static [&'static str]) -> Self {
        Self { when: Some((key, values)), ..self }
    }

    /// The value in `hyper`, as text.
    pub fn get(&self, hyper: &Hyper) -> String {
        let mut hyper = *hyper;
        match (self.slot)(&mut hyper) {
            Slot::Number(value) => value.to_string(),
            Slot::Integer(value) => value.to_string(),
            Slot::Flag(value) => value.to_string(),
            Slot::Choice(value) => value.name().to_owned(),
            Slot::Sizes(value) => value.to_string(),
        }
    }

    /// Parses `text` and sets the value in `hyper`. Errors: `KnobNumber`,
    /// `KnobInteger`, `KnobChoice` or `KnobSizes` for other values; `hyper` is
    /// then unchanged.
    pub fn set(&self, hyper: &mut Hyper, text: &str) -> Result<()> {
        let (key, got) = (self.key.to_owned(), text.to_owned());
        match ((self.slot)(hyper), self.kind) {
            (Slot::Number(value), Kind::Number { min, max, .. }) => {
                let parsed = text.trim().parse().ok().filter(|number| (min..=max).contains(number));
                let range =
                    || Error::KnobNumber { key, got, min: min.to_string(), max: max.to_string() };
                *value = parsed.ok_or_else(range)?;
            }
            (Slot::Integer(value), Kind::Integer { min, max }) => {
                let parsed = text.trim().parse().ok().filter(|number| (min..=max).contains(number));
                let range =
                    || Error::KnobInteger { key, got, min: min.to_string(), max: max.to_string() };
                *value = parsed.ok_or_else(range)?;
            }
            (Slot::Flag(value), _) => {
                *value = text.parse().map_err(|_| Error::KnobChoice {
                    key,
                    got,
                    options: "true, false".into(),
                })?;
            }
            (Slot::Choice(value), _) => {
                if !value.choose(text) {
                    return Err(Error::KnobChoice {
                        key,
                        got,
                        options: value.options().join(", "),
                    });
                }
            }
            (Slot::Sizes(value), _) => {
                let (max, most) = (Sizes::GREATEST.to_string(), Sizes::MOST.to_string());
                *value = Sizes::parse(text).ok_or(Error::KnobSizes { key, got, max, most })?;
            }
            (Slot::Number(_) | Slot::Integer(_), kind) => {
                return Err(Error::Internal { reason: format!("{key} is declared as {kind:?}") });
            }
        }
        Ok(())
    }

    /// The words of a choice; empty for other types.
    pub fn options(&self, hyper: &Hyper) -> &'static [&'static str] {
        let mut hyper = *hyper;
        match (self.slot)(&mut hyper) {
            Slot::Choice(value) => value.options(),
            _ => &[],
        }
    }
}

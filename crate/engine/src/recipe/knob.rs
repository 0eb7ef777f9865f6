//! What of a recipe can be turned, how its values are written, and within which
//! bounds.

use super::{Hyper, Sizes};
use crate::error::{Error, Result};

/// One setting that can be turned.
pub struct Knob {
    /// Its name in addresses, commands and checkpoints; the page's sentences
    /// are `knob.<key>.name` and `.why`.
    pub key: &'static str,
    /// The group of controls it stands in: `networks`, `game` or `rates`.
    pub group: &'static str,
    /// What values it takes.
    pub kind: Kind,
    /// Whether it takes effect at the next step; otherwise it shapes the nets
    /// and needs a new run.
    pub live: bool,
    /// Another knob and the values of it without which this one does nothing; a
    /// recipe without that other knob has the first.
    pub when: Option<(&'static str, &'static [&'static str])>,
    /// Where its value lies.
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

/// What values a knob takes.
#[derive(Clone, Copy, Debug)]
pub enum Kind {
    /// A number from `min` to `max`; `log` asks for a logarithmic slider.
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

/// A setting's place in [`Hyper`], by its type.
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
    /// All of them, in the order to show.
    fn options(&self) -> &'static [&'static str];
    /// The present one.
    fn name(&self) -> &'static str;
    /// Takes another, if it is one of [`Self::options`].
    fn choose(&mut self, name: &str) -> bool;
}

/// Makes an enum a [`Choice`] with the words given.
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
    /// The same knob, which does nothing unless the knob `key` has one of
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

    /// Puts the value that `text` writes into `hyper`, or says what was
    /// expected and changes nothing.
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

    /// The words it offers, for a choice.
    pub fn options(&self, hyper: &Hyper) -> &'static [&'static str] {
        let mut hyper = *hyper;
        match (self.slot)(&mut hyper) {
            Slot::Choice(value) => value.options(),
            _ => &[],
        }
    }
}

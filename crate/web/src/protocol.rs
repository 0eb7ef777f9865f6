//! The messages between the page and the worker: two enums, from which
//! `www/protocol.d.ts` is generated. Where the engine has a type for the
//! content of a message, the message carries that type.

mod answer;
mod catalogue;
mod command;
mod event;
mod info;

pub use answer::{
    Assessment, Autosaved, Classes, Differs, Directions, File, Filters, GameValue, Histograms,
    Identified, Inspected, Inverting, Nearest, Picture, RatesFall, Remark, Resumed, SchoolTest,
    Unreadable, Wanted,
};
pub use catalogue::Catalogue;
pub use command::{Command, FileKind, Grid, Head, Portion, Source};
pub use event::Event;
pub use info::{KnobInfo, KnobKind, QuickSurveyInfo, RecipeInfo, RemedyInfo};

/// Incremented with every change of the messages; a page and a worker with
/// different numbers request a reload.
pub const PROTOCOL: u32 = 11;

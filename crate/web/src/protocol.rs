//! What the page and the worker say to each other: two enums, from which
//! `www/protocol.d.ts` is generated. Where the engine has a type for it, the
//! type itself crosses.

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

/// Raised with every change of the messages; a page and a worker of different
/// numbers ask for a reload.
pub const PROTOCOL: u32 = 11;

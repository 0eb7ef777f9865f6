//! What the page and the worker say to each other: two enums, from which
//! `www/protocol.d.ts` is generated. Where the engine has a type for it, the
//! type itself crosses.

mod answer;
mod catalogue;
mod command;
mod event;
mod info;

pub use answer::{
    Classes, Differs, Directions, File, Filters, GameValue, Histograms, Inspected, Inverting,
    Nearest, Picture, RatesFall, Read, Reading, Remark, Resumed, SchoolTest, Snapshot, Unreadable,
    Wanted,
};
pub use catalogue::Catalogue;
pub use command::{By, Command, Grid, Head, Keep, Source};
pub use event::Event;
pub use info::{GlanceInfo, KnobInfo, KnobKind, RecipeInfo, RemedyInfo};

/// Raised with every change of the messages; a page and a worker of different
/// numbers ask for a reload.
pub const PROTOCOL: u32 = 10;

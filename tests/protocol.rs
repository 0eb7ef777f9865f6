//! `www/protocol.d.ts` is what `crate/web/src/protocol.rs` says.
//! `GANVAS_BLESS=1 cargo test --package ganvas-tests` rewrites it.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::Path;

use ganvas_web::protocol::{
    AmidInfo, By, Classes, Command, Differs, Directions, Event, File, Filters, GameValue,
    GlanceInfo, Grid, Head, Histograms, Inspected, Inverting, Keep, KnobInfo, KnobKind, Nearest,
    PhaseName, Picture, RatesFall, Read, Reading, RecipeInfo, Remark, RemedyInfo, Resumed,
    SchoolTest, Snapshot, Source, Stage, SurveyInfo, Unreadable, Wanted,
};
use tsify::Tsify;

const FIRST_LINE: &str = "// Generated from crate/web/src/protocol.rs; `GANVAS_BLESS=1 cargo test --package ganvas-tests` writes it.";

fn typescript() -> String {
    let types = [
        Source::DECL,
        Head::DECL,
        Command::DECL,
        By::DECL,
        Grid::DECL,
        Keep::DECL,
        Classes::DECL,
        Directions::DECL,
        File::DECL,
        Filters::DECL,
        Inspected::DECL,
        Inverting::DECL,
        Nearest::DECL,
        Picture::DECL,
        RatesFall::DECL,
        Reading::DECL,
        Differs::DECL,
        Resumed::DECL,
        SchoolTest::DECL,
        GameValue::DECL,
        Histograms::DECL,
        Snapshot::DECL,
        Remark::DECL,
        Wanted::DECL,
        Read::DECL,
        Unreadable::DECL,
        Event::DECL,
        Stage::DECL,
        PhaseName::DECL,
        GlanceInfo::DECL,
        SurveyInfo::DECL,
        AmidInfo::DECL,
        RemedyInfo::DECL,
        RecipeInfo::DECL,
        KnobInfo::DECL,
        KnobKind::DECL,
    ];
    // The worker sends maps as plain objects and takes them so; a union reads
    // better line by line.
    let text = types
        .join("\n\n")
        .replace("Map<string, string>", "Record<string, string>")
        .replace(" | {", "\n  | {");
    format!("{FIRST_LINE}\n\n{text}\n")
}

#[test]
fn the_page_has_the_types_of_the_protocol() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/protocol.d.ts");
    let (wanted, found) = (typescript(), fs::read_to_string(&path).unwrap_or_default());
    if std::env::var_os("GANVAS_BLESS").is_some() {
        fs::write(&path, wanted).unwrap();
        return;
    }
    assert!(
        found == wanted,
        "www/protocol.d.ts is old: GANVAS_BLESS=1 cargo test --package ganvas-tests --test protocol"
    );
}

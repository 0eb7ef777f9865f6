//! `www/protocol.d.ts` has the types of `crate/web/src/protocol.rs`, and the
//! page's tests have the engine's facts, `tests/page/unit/catalogue.json`.
//! `GANVAS_BLESS=1 cargo test --package ganvas-tests` rewrites both.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::any::TypeId;
use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::Path;

use ganvas::Error;
use ganvas_web::protocol::{Catalogue, Command, Event};
use serde_json::Value;
use ts_rs::{Config, TS, TypeVisitor};

const FIRST_LINE: &str = "// Generated from crate/web/src/protocol.rs; `GANVAS_BLESS=1 cargo test --package ganvas-tests` writes it.";

/// Declarations of types and of all types that they are made of.
#[derive(Default)]
struct Declarations {
    config: Config,
    seen: HashSet<TypeId>,
    /// By name: the order in which types are found differs from build to
    /// build.
    texts: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        // Only types of our own have a file to be exported to.
        if T::output_path().is_none() || !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        let text = format!("{docs}export {}", laid_out(&T::decl(&self.config)));
        self.texts.insert(T::name(&self.config), text);
        T::visit_dependencies(self);
    }
}

/// A declaration with each member of an object on a line of its own; objects
/// without comments stay on one line.
fn laid_out(declaration: &str) -> String {
    let text = records(declaration)
        .replace(" | { ", "\n  | { ")
        .replace("\"type\":", "type:")
        .replace("\"is\":", "is:");
    let (mut out, mut rest) = (String::new(), text.as_str());
    while let Some(start) = rest.find('{') {
        let end = start + closing(&rest[start..]);
        out.push_str(&rest[..start]);
        out.push_str(&object(&rest[start + 1..end]));
        rest = &rest[end + 1..];
    }
    out + rest
}

/// Maps as records of what they hold.
fn records(declaration: &str) -> String {
    const MAP: &str = "{ [key in string]: ";
    let mut parts = declaration.split(MAP);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (held, rest) = part.split_once(" }").unwrap();
        format!("{text}Record<string, {held}>{rest}")
    })
}

/// The place of the brace that closes the one at the beginning, outside
/// comments.
fn closing(text: &str) -> usize {
    let (mut depth, mut comment) = (0, false);
    for (i, c) in text.char_indices() {
        comment = (comment && !text[..i].ends_with("*/")) || text[i..].starts_with("/*");
        if comment {
            continue;
        }
        depth += i32::from(c == '{') - i32::from(c == '}');
        if depth == 0 {
            return i;
        }
    }
    panic!("no end of {text}");
}

/// An object of these members.
fn object(members: &str) -> String {
    let members = members.trim().trim_end_matches(',');
    if !members.contains("/**") {
        return format!("{{ {members} }}");
    }
    let (mut lines, mut comment) = (Vec::new(), false);
    for line in members.lines().map(str::trim) {
        comment = (comment || line.starts_with("/**"))
            && !lines.last().is_some_and(|last: &String| last.ends_with("*/"));
        if comment {
            let star = if line.starts_with("/**") { "" } else { " " };
            lines.push(format!("    {star}{line}"));
        } else {
            let members = split(line);
            lines.extend(members.into_iter().map(|member| format!("    {member};")));
        }
    }
    format!("{{\n{}\n}}", lines.join("\n"))
}

/// Members between commas outside any brackets.
fn split(line: &str) -> Vec<&str> {
    let mut depth = 0;
    let parts = line.split(|c: char| {
        depth += i32::from("[{<(".contains(c)) - i32::from("]}>)".contains(c));
        c == ',' && depth == 0
    });
    parts.map(str::trim).filter(|part| !part.is_empty()).collect()
}

fn typescript() -> String {
    let mut all = Declarations::default();
    all.visit::<Command>();
    all.visit::<Event>();
    let codes: Vec<String> = Error::CODES.iter().map(|code| format!("\"{code}\"")).collect();
    let codes = format!(
        "/**\n * What can go wrong: `error.<code>` says it.\n */\nexport type ErrorCode =\n  | {};",
        codes.join("\n  | ")
    );
    all.texts.insert("ErrorCode".to_owned(), codes);
    let texts: Vec<String> = all.texts.into_values().collect();
    format!("{FIRST_LINE}\n\n{}\n", texts.join("\n\n"))
}

/// What a file below this folder is, or it is rewritten where that is asked
/// for.
fn found(path: &str, wanted: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("GANVAS_BLESS").is_some() {
        fs::write(&path, wanted).unwrap();
    }
    fs::read_to_string(&path).unwrap_or_default()
}

#[test]
fn the_page_has_the_types_of_the_protocol() {
    let wanted = typescript();
    assert!(
        found("../www/protocol.d.ts", &wanted) == wanted,
        "www/protocol.d.ts is old: GANVAS_BLESS=1 cargo test --package ganvas-tests --test protocol"
    );
}

/// A loss that is added later need not be among them.
#[test]
fn facts_in_the_tests_of_the_page_are_the_engines() {
    let mut wanted = serde_json::to_value(Catalogue::of_engine()).unwrap();
    let text = found("page/unit/catalogue.json", &(format!("{wanted:#}\n")));
    let found: Value = serde_json::from_str(&text).unwrap();
    let known = found["losses"].as_object().unwrap();
    assert!(known.len() > 5);
    wanted["losses"].as_object_mut().unwrap().retain(|loss, _| known.contains_key(loss));
    assert!(
        found == wanted,
        "tests/page/unit/catalogue.json is old: GANVAS_BLESS=1 cargo test --package ganvas-tests --test protocol"
    );
}

//! Checks that `www/protocol.d.ts` has the types of
//! `crate/web/src/protocol.rs`, and `tests/page/unit/catalogue.json` the
//! engine's catalogue. `GANVAS_BLESS=1 cargo test --package ganvas-tests`
//! rewrites both.

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

/// Declarations of types and of all types that they use.
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
        // Only our own types have a file to export to.
        if T::output_path().is_none() || !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        let text = format!("{docs}export {}", laid_out(&T::decl(&self.config)));
        self.texts.insert(T::name(&self.config), text);
        T::visit_dependencies(self);
    }
}

/// A declaration with one line per member of an object; objects without
/// comments stay on one line.
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

/// Writes maps as records of their values.
fn records(declaration: &str) -> String {
    const MAP: &str = "{ [key in string]: ";
    let mut parts = declaration.split(MAP);
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        let (value, rest) = part.split_once(" }").unwrap();
        format!("{text}Record<string, {value}>{rest}")
    })
}

/// The index of the brace that closes the first one; braces in comments do not
/// count.
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

/// An object type with these members.
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

/// The members of a line, split at commas outside brackets.
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
        "/**\n * The codes of errors; `error.<code>` is the sentence of each.\n */\nexport type ErrorCode =\n  | {};",
        codes.join("\n  | ")
    );
    all.texts.insert("ErrorCode".to_owned(), codes);
    let texts: Vec<String> = all.texts.into_values().collect();
    format!("{FIRST_LINE}\n\n{}\n", texts.join("\n\n"))
}

/// The text of a file at a path from this folder; GANVAS_BLESS first rewrites
/// it as `wanted`.
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
        "www/protocol.d.ts is outdated: run GANVAS_BLESS=1 cargo test --package ganvas-tests --test protocol"
    );
}

/// The file can lack losses that were added later.
#[test]
fn catalogue_json_is_the_engines_catalogue() {
    let mut wanted = serde_json::to_value(Catalogue::of_engine()).unwrap();
    let text = found("page/unit/catalogue.json", &(format!("{wanted:#}\n")));
    let found: Value = serde_json::from_str(&text).unwrap();
    let known = found["losses"].as_object().unwrap();
    assert!(known.len() > 5);
    wanted["losses"].as_object_mut().unwrap().retain(|loss, _| known.contains_key(loss));
    assert!(
        found == wanted,
        "tests/page/unit/catalogue.json is outdated: run GANVAS_BLESS=1 cargo test --package ganvas-tests --test protocol"
    );
}

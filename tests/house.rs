//! Rules of dependency: `web -> engine <- cli` between crates, and from lower
//! to higher modules inside the engine.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The engine's modules from the lowest up: each imports only modules before
/// it.
const MODULES: [&str; 16] = [
    "error",
    "kernel",
    "data",
    "rng",
    "op",
    "params",
    "optim",
    "loss",
    "net",
    "recipe",
    "metric",
    "latent",
    "train",
    "watch",
    "checkpoint",
    "bench",
];

/// Crates for the browser, which the engine does not use.
const BROWSER: [&str; 4] = ["js-sys", "serde-wasm-bindgen", "wasm-bindgen", "web-sys"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every file under `folder` with one of the endings, except those of npm and
/// cargo.
fn files(folder: &str, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() && name != "node_modules" && name != "target" {
                folders.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    assert!(!found.is_empty(), "{folder} has no {endings:?}");
    found.sort();
    found
}

/// A file's code without comments and without its unit tests.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let own = text.split("#[cfg(test)]\nmod ").next().unwrap();
    own.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// The modules that code names after `crate::`, one by one or in braces.
fn modules_named(code: &str) -> Vec<String> {
    named_after("crate::", code)
}

/// The names that follow `root` in code, one by one or in braces.
fn named_after(root: &str, code: &str) -> Vec<String> {
    let first = |path: &str| {
        path.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap().to_owned()
    };
    let mut names = Vec::new();
    for rest in code.split(root).skip(1) {
        let Some(list) = rest.strip_prefix('{') else {
            names.push(first(rest));
            continue;
        };
        let mut depth = 1;
        let inside: String = list
            .chars()
            .take_while(|c| {
                depth += i32::from(*c == '{') - i32::from(*c == '}');
                depth > 0
            })
            .collect();
        let mut depth = 0;
        let parts = inside.split(|c: char| {
            depth += i32::from(c == '{') - i32::from(c == '}');
            c == ',' && depth == 0
        });
        names.extend(parts.map(|part| first(part.trim())));
    }
    names
}

/// The engine's files with the module of each; `lib.rs` belongs to none.
fn engine() -> Vec<(String, PathBuf)> {
    let src = root().join("crate/engine/src");
    let module = |path: &Path| {
        let first = path.strip_prefix(&src).unwrap().components().next().unwrap();
        first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
    };
    let all = files("crate/engine/src", &[".rs"]);
    all.into_iter()
        .map(|path| (module(&path), path))
        .filter(|(module, _)| module != "lib")
        .collect()
}

#[test]
fn imports_of_every_form_are_found() {
    let code = "use crate::op::{Act, dense};\nuse crate::{net::{Layer, Net}, Result, loss};\nlet x = crate::kernel::exp(1.);";
    assert_eq!(modules_named(code), ["op", "net", "Result", "loss", "kernel"]);
}

#[test]
fn engine_modules_import_only_lower_ones() {
    let mut wrong = Vec::new();
    for (module, path) in engine() {
        let level = MODULES.iter().position(|known| *known == module);
        let level = level.unwrap_or_else(|| panic!("the module {module} is not in MODULES"));
        for named in modules_named(&code(&path)) {
            if MODULES.iter().position(|known| *known == named).is_some_and(|other| other > level) {
                wrong.push(format!("{} imports {named}", path.display()));
            }
        }
    }
    assert_eq!(
        wrong,
        Vec::<String>::new(),
        "each module imports only modules before it: {MODULES:?}"
    );
}

#[test]
fn services_of_the_worker_import_no_other_service() {
    let folder = root().join("crate/web/src/service");
    let list = code(&folder.with_extension("rs"));
    let services: Vec<&str> =
        list.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    assert!(services.contains(&"survey"), "no service was found: {services:?}");
    let mut wrong = Vec::new();
    for path in files("crate/web/src/service", &[".rs"]) {
        let first = path.strip_prefix(&folder).unwrap().components().next().unwrap();
        let own = first.as_os_str().to_str().unwrap().trim_end_matches(".rs");
        assert!(services.contains(&own), "{own} is not in service.rs");
        let code = code(&path);
        // The worker's loop is above the services, and a path from the crate's
        // root can name any of them.
        let above = modules_named(&code)
            .into_iter()
            .filter(|named| ["service", "worker", "port"].contains(&named.as_str()));
        let beside = named_after("super::", &code)
            .into_iter()
            .filter(|named| named != own && services.contains(&named.as_str()));
        wrong
            .extend(above.chain(beside).map(|named| format!("{} imports {named}", path.display())));
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn only_the_list_of_recipes_names_a_recipe() {
    let ids: Vec<String> = files("crate/engine/src/recipe", &[".rs"])
        .iter()
        .filter(|path| code(path).contains("RECIPE: Recipe"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert!(ids.contains(&"gan".to_owned()), "no recipe was found: {ids:?}");
    let mut wrong = Vec::new();
    // The benchmark's cases are recipes with knobs, as other programs run them.
    for (module, path) in
        engine().into_iter().filter(|(module, _)| module != "recipe" && module != "bench")
    {
        let code = code(&path);
        for id in &ids {
            if code.contains(&format!("recipe::{id}")) || code.contains(&format!("\"{id}\"")) {
                wrong.push(format!("{module} names {id} in {}", path.display()));
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn only_kernels_use_unsafe_code() {
    let kernel = root().join("crate/engine/src/kernel");
    for path in files("crate", &[".rs"]).into_iter().filter(|path| !path.starts_with(&kernel)) {
        let text = code(&path).replace("unsafe_code", "");
        assert!(!text.contains("unsafe"), "{} uses unsafe code", path.display());
    }
}

/// Files in which images are digits like MNIST's, whatever the data of a run:
/// the code that reads and draws those, and the judge with the code that uses
/// it. Paths under `crate/`, or how they begin.
const OF_DIGITS: [&str; 16] = [
    "engine/src/data.rs",
    "engine/src/data/folder.rs",
    "engine/src/data/idx.rs",
    "engine/src/data/picture",
    "engine/src/data/reader",
    "engine/src/data/sample.rs",
    "engine/src/data/drawn",
    "engine/src/data/store/drawn.rs",
    "engine/src/data/store/files.rs",
    "engine/src/metric/",
    "engine/src/watch/alarm.rs",
    "engine/src/watch/history.rs",
    "engine/src/watch/survey.rs",
    "cli/src/pictures.rs",
    "cli/src/verb/eval.rs",
    "cli/src/verb/train_judge.rs",
];

/// Names and integers of code, without those in strings and comments.
fn words(code: &str) -> Vec<String> {
    let (mut left, mut rest) = (String::new(), code);
    while let Some(first) = rest.chars().next() {
        let skipped = match first {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            'r' if rest.starts_with("r#\"") => {
                rest[3..].find("\"#").map_or(rest.len(), |at| at + 5)
            }
            '"' => {
                let mut escaped = false;
                let end = rest[1..].find(|c| {
                    let ends = c == '"' && !escaped;
                    escaped = c == '\\' && !escaped;
                    ends
                });
                end.map_or(rest.len(), |at| at + 2)
            }
            '\'' if rest.starts_with("'\"'") => 3,
            _ => {
                left.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            }
        };
        left.push(' ');
        rest = &rest[skipped..];
    }
    let parts = left.split(|c: char| !c.is_alphanumeric() && c != '_');
    parts.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// The value of an integer of any type.
fn integer(word: &str) -> Option<u64> {
    let types = ["usize", "u64", "u32", "u16", "i64", "i32", "f64", "f32"];
    let number = types.iter().find_map(|of| word.strip_suffix(of)).unwrap_or(word);
    number.replace('_', "").parse().ok()
}

#[test]
fn words_in_strings_and_comments_are_left_out() {
    let code = "let a = \"28 \\\" 784\"; // 28\nb(r#\"28\"#, 60_000u32, '\"', 14); // \"\nPIXELS";
    assert_eq!(words(code), ["let", "a", "b", "60_000u32", "14", "PIXELS"]);
    let numbers = ["60_000u32", "784usize", "28", "f32", "x28", "1.5"].map(integer);
    assert_eq!(numbers, [Some(60_000), Some(784), Some(28), None, None, None]);
}

#[test]
fn image_sizes_are_hard_coded_only_where_images_are_digits() {
    let (root, mut wrong, mut used) = (root().join("crate"), Vec::new(), [false; OF_DIGITS.len()]);
    for path in files("crate", &[".rs"]) {
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        if !name.contains("/src/") || name.contains("/tests/") || name.ends_with("/tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let own = text.split("#[cfg(test)]\nmod ").next().unwrap();
        let place = OF_DIGITS.iter().position(|begins| name.starts_with(begins));
        for word in words(own) {
            let size = matches!(integer(&word), Some(28 | 784 | 60_000));
            if size || ["PIXELS", "SIDE", "CLASSES"].contains(&word.as_str()) {
                match place {
                    Some(place) => used[place] = true,
                    None => wrong.push(format!("{name} has {word}")),
                }
            }
        }
    }
    assert_eq!(wrong, Vec::<String>::new(), "shapes and counts come with the data");
    let idle = OF_DIGITS.iter().zip(used).find(|(_, used)| !used);
    assert_eq!(idle, None, "a file that needs no exception");
}

/// Direct dependencies by name, without those of tests.
fn dependencies(package: &Value) -> Vec<&str> {
    let all = package["dependencies"].as_array().unwrap().iter();
    all.filter(|dependency| dependency["kind"] != "dev")
        .map(|dependency| dependency["name"].as_str().unwrap())
        .collect()
}

/// A method whose body is one call on a field with its own arguments, as
/// (its name, the name it calls).
fn pass_through<'a>(head: &'a str, body: &'a str, end: &str) -> Option<(&'a str, &'a str)> {
    let (name, rest) = head.split_once("fn ")?.1.split_once('(')?;
    let (arguments, _) = rest.split_once(')')?;
    let own: Vec<_> =
        arguments.split(',').filter_map(|one| Some(one.split_once(':')?.0.trim())).collect();
    let call = body.trim().strip_prefix("self.")?.strip_suffix(')').filter(|_| end == "    }")?;
    let (path, given) = call.split_once('(')?;
    let same = given.split(',').map(str::trim).filter(|one| !one.is_empty()).eq(own);
    let (_, called) = path.rsplit_once('.')?;
    (same && arguments.contains("self") && !called.is_empty()).then_some((name, called))
}

#[test]
fn a_method_that_only_calls_another_has_its_name() {
    let read = |path: &PathBuf| fs::read_to_string(path).unwrap();
    let texts: Vec<_> =
        files("crate", &[".rs"]).iter().map(|path| (path.clone(), read(path))).collect();
    let ours = |name: &str| texts.iter().any(|(_, text)| text.contains(&format!("fn {name}(")));
    // Names of the standard library, which collections of ours have too.
    let std = ["take", "iter", "len", "get", "push", "contains"];
    let (mut seen, mut renamed) = (0, Vec::new());
    for (path, text) in &texts {
        let lines: Vec<_> = text.lines().collect();
        for three in lines.windows(3) {
            let Some((name, called)) = pass_through(three[0], three[1], three[2]) else { continue };
            seen += 1;
            if name != called && ours(called) && !std.contains(&called) {
                renamed.push(format!("{}: {name} is {called}", path.display()));
            }
        }
    }
    assert!(seen > 5, "the test finds {seen} methods that only call another");
    assert_eq!(renamed, Vec::<String>::new());
}

#[test]
fn crates_depend_only_on_the_engine() {
    let cargo = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1"])
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&cargo.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let ours: Vec<&str> =
        packages.iter().map(|package| package["name"].as_str().unwrap()).collect();
    assert_eq!(ours.len(), 5, "a crate without a rule: {ours:?}");
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let uses = dependencies(package);
        let known: Vec<_> = uses.iter().filter(|used| ours.contains(used)).copied().collect();
        let allowed: &[&str] =
            if name == "ganvas-web" || name == "ganvas-cli" { &["ganvas"] } else { &[] };
        assert_eq!(known, allowed, "{name}");
        if name == "ganvas" {
            let browser: Vec<_> = uses.iter().filter(|used| BROWSER.contains(used)).collect();
            assert!(browser.is_empty(), "the engine depends on the browser: {browser:?}");
        }
    }
}

#[test]
fn the_readme_quotes_a_recipe_exactly() {
    let recipe = fs::read_to_string(root().join("crate/engine/src/recipe/lsgan.rs")).unwrap();
    assert!(recipe.lines().count() <= 50, "a recipe is one small file");
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    assert!(readme.contains(&recipe), "README.md quotes another recipe/lsgan.rs");
}

/// The modules that a text names in quotes, in order of first appearance.
fn modules_quoted(text: &str, quote: [&str; 2]) -> Vec<String> {
    let mut modules: Vec<String> = Vec::new();
    for rest in text.split(quote[0]).skip(1) {
        let name = rest.split(quote[1]).next().unwrap();
        if MODULES.contains(&name) && !modules.iter().any(|module| module == name) {
            modules.push(name.to_owned());
        }
    }
    modules
}

#[test]
fn readme_and_lib_name_modules_from_the_lowest_up() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let part = readme.split("\n- `kernel`").nth(1).unwrap().split("\n\n").next().unwrap();
    let library = fs::read_to_string(root().join("crate/engine/src/lib.rs")).unwrap();
    let head = library.split("//! The rooms,").nth(1).unwrap().split("//! Hosts").next().unwrap();
    let known: Vec<&str> = MODULES.into_iter().filter(|module| *module != "error").collect();
    assert_eq!(modules_quoted(&format!("`kernel`{part}"), ["`", "`"]), known, "README.md");
    assert_eq!(modules_quoted(head, ["[`", "`]"]), known, "lib.rs");
}

//! Measures the page, raw and as a server compresses it: the files that a visit
//! needs to train, and those that load later.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::site::data::gzip;
use crate::site::list::files;
use crate::site::wasm;

/// Most compressed bytes of the files that a visit needs to train, without
/// data.
pub const LIMIT: u64 = 700_000;

/// The entry scripts, which are named by address and not imported: the page's
/// three, and the worker's.
const ENTRIES: [&str; 4] = ["startup.js", "arriving.js", "main.js", "worker.js"];

/// The texts of one of the two languages.
const WORDS: &str = "i18n/en.json";

/// Prints a table by file type; returns the compressed bytes of what a visit
/// needs to train, without data: markup, style, one language, one build of the
/// worker (the others are as large), and the entry scripts with their static
/// imports. Panels below the first screen, the lesson, the judge and pretrained
/// generators load later and are added up in one line.
pub fn print(site: &Path) -> Result<u64> {
    let first = first(site)?;
    let mut types = BTreeMap::<String, (u64, u64)>::new();
    let (mut page, mut later) = ((0, 0), (0, 0));
    for file in files(site)? {
        let bytes = read(site, &file)?;
        let size = (bytes.len() as u64, gzip(&bytes)?.len() as u64);
        let add = |sum: &mut (u64, u64)| *sum = (sum.0 + size.0, sum.1 + size.1);
        if first.contains(&file) {
            add(&mut page);
            add(types.entry(extension(&file)).or_default());
        } else {
            add(&mut later);
        }
    }
    println!("{:>12} {:>10} {:>10}", "", "raw kB", "gzip kB");
    let sums = [("page", page), ("later", later)];
    for (name, size) in types.iter().map(|(name, size)| (name.as_str(), *size)).chain(sums) {
        println!("{name:>12} {:>10.1} {:>10.1}", size.0 as f64 / 1e3, size.1 as f64 / 1e3);
    }
    Ok(page.1)
}

fn read(site: &Path, file: &str) -> Result<Vec<u8>> {
    let path = site.join(file);
    fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
}

fn extension(file: &str) -> String {
    Path::new(file)
        .extension()
        .map_or("other".into(), |extension| extension.to_string_lossy().into_owned())
}

/// Paths of the files that a visit needs to train.
fn first(site: &Path) -> Result<BTreeSet<String>> {
    let markup = String::from_utf8(read(site, "index.html")?)?;
    let sheets = markup.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let mut found: BTreeSet<String> =
        sheets.filter(|path| site.join(path).is_file()).map(str::to_owned).collect();
    found.retain(|path| !path.ends_with(".webmanifest"));
    found.extend(["index.html", WORDS].map(str::to_owned));
    let build = format!("wasm/{}/", wasm::BUILDS[0].name);
    found.extend(files(site)?.into_iter().filter(|file| file.starts_with(&build)));
    found.extend(scripts(site)?);
    Ok(found)
}

/// Paths of the scripts that load first in a visit: the entries, and their
/// static imports.
pub fn scripts(site: &Path) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut scripts: Vec<String> = ENTRIES.map(str::to_owned).to_vec();
    while let Some(script) = scripts.pop() {
        let code = String::from_utf8(read(site, &script)?)?;
        scripts.extend(imports(&script, &code).into_iter().filter(|path| !found.contains(path)));
        found.insert(script);
    }
    Ok(found)
}

/// The static imports of a script, as the build writes them: `from"./a.js"`,
/// `import"./a.js"`.
fn imports(script: &str, code: &str) -> Vec<String> {
    let folder = Path::new(script).parent().unwrap_or(Path::new(""));
    let named = ["from\"", "import\""].into_iter().flat_map(|word| code.split(word).skip(1));
    let paths =
        named.filter_map(|rest| rest.split('"').next()).filter(|path| path.starts_with('.'));
    paths.map(|path| resolved(folder, path)).collect()
}

/// Resolves a path: `view` and `../curves.js` -> `curves.js`.
fn resolved(folder: &Path, path: &str) -> String {
    let mut parts: Vec<String> =
        folder.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            name => parts.push(name.to_owned()),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn static_imports_are_found_and_dynamic_ones_are_not() {
        let code = r#"import{a as b}from"../curves.js";import"./dom.js";const c=()=>import("./below.js");export*from"x";"#;
        assert_eq!(imports("view/chart.js", code), ["curves.js", "view/dom.js"]);
    }
}

//! The steps of `test`, as data.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};

use crate::site::{self, wasm};
use crate::{place, process, tools};

/// One step.
pub struct Step {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it checks.
    pub what: &'static str,
    /// Runs it.
    pub run: fn() -> Result<()>,
}

/// Every step, the cheap ones first.
pub const STEPS: [Step; 11] = [
    Step { name: "fmt", what: "Rust is formatted", run: fmt },
    Step { name: "prettier", what: "JavaScript is formatted", run: prettier },
    Step { name: "types", what: "JavaScript is typed", run: types },
    Step { name: "unit", what: "the page's units", run: unit },
    Step { name: "clippy", what: "no warnings, natively", run: clippy },
    Step { name: "clippy-wasm", what: "no warnings, for the browser", run: clippy_wasm },
    Step { name: "rust", what: "Rust tests", run: rust },
    Step { name: "wasm", what: "wasm tests in headless Chromium", run: wasm_tests },
    Step { name: "site", what: "two sites, with MNIST and without; their size", run: sites },
    Step { name: "page", what: "the page end to end, in headless Chromium", run: page },
    Step { name: "engines", what: "the page in Firefox and in WebKit", run: engines },
];

/// Packages that run in the browser, and their folders.
const IN_BROWSER: [(&str, &str); 2] = [("ganvas", "crate/engine"), ("ganvas-web", "crate/web")];

/// Time limit of the wasm tests in seconds: training in wasm with debug checks
/// is slow, and the runner's default is 20 s.
const WASM_TIMEOUT_S: &str = "600";

fn fmt() -> Result<()> {
    process::run(place::cargo().args(["fmt", "--all", "--check"]))
}

fn clippy() -> Result<()> {
    process::run(place::cargo().args([
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-Dwarnings",
    ]))
}

fn clippy_wasm() -> Result<()> {
    for build in &wasm::BUILDS {
        let mut cargo = place::cargo();
        cargo.args(["clippy", "--package", "ganvas-web", "--features", build.features]);
        cargo.args(["--target", tools::WASM_TARGET, "--", "-Dwarnings"]);
        process::run(with_wasm_flags(&mut cargo))?;
    }
    Ok(())
}

fn rust() -> Result<()> {
    process::run(place::cargo().args(["test", "--workspace"]))
}

fn with_wasm_flags(command: &mut Command) -> &mut Command {
    command.env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", wasm::TARGET_FEATURES)
}

fn wasm_tests() -> Result<()> {
    let (driver, runner) = (tools::driver()?, tools::runner()?);
    let with_tests = IN_BROWSER
        .iter()
        .filter(|(_, folder)| place::root().join(folder).join("tests/wasm.rs").is_file());
    let packages: Vec<_> = with_tests.map(|(package, _)| *package).collect();
    ensure!(!packages.is_empty(), "no package has tests/wasm.rs");
    for build in &wasm::BUILDS {
        let mut cargo = place::cargo();
        cargo.args(["test", "--target", tools::WASM_TARGET, "--test", "wasm"]);
        for package in &packages {
            cargo.args(["--package", package]);
        }
        // Builds differ only in the engine's feature.
        if !build.features.is_empty() {
            cargo.args(["--features", &format!("ganvas/{}", build.features)]);
        }
        cargo
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", &runner)
            .env("CHROMEDRIVER", &driver)
            .env("WASM_BINDGEN_TEST_TIMEOUT", WASM_TIMEOUT_S)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", tools::npm_folder().join("webdriver.json"));
        process::run(with_wasm_flags(&mut cargo))?;
    }
    Ok(())
}

/// A script of an npm package, run by node.
fn node(script: &str) -> Result<Command> {
    if !tools::npm_ready() {
        bail!("the page's packages are missing or old: run `npm ci` in tests/");
    }
    let mut node = Command::new("node");
    node.arg(tools::npm_folder().join("node_modules").join(script)).current_dir(place::root());
    Ok(node)
}

fn prettier() -> Result<()> {
    process::run(node("prettier/bin/prettier.cjs")?.args(["--check", "www", "tests"]))
}

fn types() -> Result<()> {
    process::run(node("typescript/bin/tsc")?.args(["--project", "www/tsconfig.json"]))?;
    process::run(node("typescript/bin/tsc")?.args(["--project", "tests/page/tsconfig.json"]))
}

/// The test files of a folder under tests/page, in order.
fn test_files(folder: &str) -> Result<Vec<PathBuf>> {
    let folder = tools::npm_folder().join("page").join(folder);
    let entries =
        std::fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let paths = entries.flatten().map(|entry| entry.path());
    let mut files: Vec<_> =
        paths.filter(|path| path.to_string_lossy().ends_with(".test.js")).collect();
    files.sort();
    ensure!(!files.is_empty(), "{} has no tests", folder.display());
    Ok(files)
}

fn unit() -> Result<()> {
    process::run(
        Command::new("node").arg("--test").args(test_files("unit")?).current_dir(place::root()),
    )
}

fn folders() -> Result<[PathBuf; 2]> {
    let target = place::target()?;
    Ok([target.join("site"), target.join("site-drawn")])
}

fn sites() -> Result<()> {
    let [site, drawn] = folders()?;
    for (folder, drawn) in [(site, false), (drawn, true)] {
        let size = site::build(&folder, drawn)?;
        ensure!(
            size <= site::size::LIMIT,
            "the page is {size} bytes compressed, over {}",
            site::size::LIMIT
        );
    }
    Ok(())
}

/// End-to-end tests that measure times: a page that trains beside them would
/// take their core.
const TIMED: [&str; 5] =
    ["compare.test.js", "hostile.test.js", "latent.test.js", "seeing.test.js", "train.test.js"];

fn page() -> Result<()> {
    let browser = tools::browser()?;
    let timed = |file: &PathBuf| TIMED.iter().any(|name| file.ends_with(name));
    let (alone, beside): (Vec<_>, Vec<_>) = test_files("e2e")?.into_iter().partition(timed);
    ensure!(alone.len() == TIMED.len(), "a test that measures times is missing from e2e");
    // Two files at once, each with a browser: most of a test is waiting.
    for (files, at_once) in [(beside, 2), (alone, 1)] {
        process::run(in_browser(&files, at_once)?.env("CHROMIUM", &browser))?;
    }
    Ok(())
}

fn engines() -> Result<()> {
    process::run(in_browser(&test_files("engines")?, 1)?.envs(tools::engines()?))
}

/// Test files on both sites, `at_once` of them at a time.
fn in_browser(files: &[PathBuf], at_once: usize) -> Result<Command> {
    let [site, drawn] = folders()?;
    for folder in [&site, &drawn] {
        ensure!(
            Path::new(folder).join(site::data::SOURCES).is_file(),
            "no site in {}: run the step `site`",
            folder.display()
        );
    }
    let mut node = Command::new("node");
    node.args(["--test", &format!("--test-concurrency={at_once}")])
        .args(files)
        .current_dir(place::root());
    node.env("GANVAS_SITE", site).env("GANVAS_SITE_DRAWN", drawn);
    // `serve` of this same program serves the pages.
    let own = std::env::current_exe().context("cannot find the path of this program")?;
    node.env("GANVAS_BIN", own);
    Ok(node)
}

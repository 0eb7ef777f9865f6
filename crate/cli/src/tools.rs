//! The tools that building and testing need: finds them, reports the command
//! that installs a missing one, or installs it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{place, process};

/// The wasm target of rustc.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// A program of the system that tests use.
struct Program {
    /// The environment variable that gives another path.
    variable: &'static str,
    /// Its file name on the path.
    name: &'static str,
    /// The Debian package that contains it.
    package: &'static str,
}

const CHROMIUM: Program = Program { variable: "CHROMIUM", name: "chromium", package: "chromium" };
const CHROMEDRIVER: Program =
    Program { variable: "CHROMEDRIVER", name: "chromedriver", package: "chromium-driver" };
const FIREFOX: Program =
    Program { variable: "FIREFOX", name: "firefox-esr", package: "firefox-esr" };
/// WebKitGTK's driver; its package depends on the small browser that it drives.
const WEBKIT: Program =
    Program { variable: "WEBKIT_DRIVER", name: "WebKitWebDriver", package: "webkit2gtk-driver" };
/// The screen that WebKit draws on: it cannot run without one.
const SCREEN: Program = Program { variable: "XVFB", name: "Xvfb", package: "xvfb" };
const PROGRAMS: [&Program; 5] = [&CHROMIUM, &CHROMEDRIVER, &FIREFOX, &WEBKIT, &SCREEN];

const APT: [&str; 3] = ["install", "--yes", "--no-install-recommends"];

/// Adds the wasm target if rustc lacks it.
pub fn add_target() -> Result<()> {
    let sysroot = process::output(
        Command::new("rustc").args(["--print", "sysroot"]).current_dir(place::root()),
    )?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).is_dir() {
        return Ok(());
    }
    let mut add = Command::new("rustup");
    add.args(["target", "add", WASM_TARGET]).current_dir(place::root());
    process::run(&mut add)
        .with_context(|| format!("rustc lacks its wasm target: run `{}`", process::line(&add)))
}

/// Adds rustfmt and clippy if the toolchain lacks them.
pub fn add_components() -> Result<()> {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if !process::works(place::cargo().args([subcommand, "--version"])) {
            process::run(
                Command::new("rustup")
                    .args(["component", "add", component])
                    .current_dir(place::root()),
            )?;
        }
    }
    Ok(())
}

/// The folder of the page's npm packages.
pub fn npm_folder() -> PathBuf {
    place::root().join("tests")
}

/// The folder of an npm package that package-lock.json names; installs all
/// packages if it is missing.
pub fn npm_package(name: &str) -> Result<PathBuf> {
    let package = npm_folder().join("node_modules").join(name);
    if !package.is_dir() {
        npm_ci()?;
    }
    if !package.is_dir() {
        bail!("npm did not install {name} in {}", npm_folder().display());
    }
    Ok(package)
}

/// Installs the npm packages that package-lock.json names.
pub fn npm_ci() -> Result<()> {
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund"]).current_dir(npm_folder());
    process::run(&mut npm).context(
        "the page's packages need Node 20 and npm: install them, then run `npm ci` in tests/",
    )
}

/// Whether the npm packages are installed and no older than the lock file.
pub fn npm_ready() -> bool {
    let changed =
        |path: &str| npm_folder().join(path).metadata().and_then(|meta| meta.modified()).ok();
    match (changed("node_modules/.package-lock.json"), changed("package-lock.json")) {
        (Some(installed), Some(locked)) => installed >= locked,
        _ => false,
    }
}

/// The path of a program: from its environment variable or, if that is not set,
/// from PATH. Error: it is missing.
fn find(program: &Program) -> Result<PathBuf> {
    let Program { variable, name, package } = program;
    let found = match std::env::var_os(variable).filter(|value| !value.is_empty()) {
        Some(named) => Some(PathBuf::from(named)).filter(|path| path.is_file()),
        None => std::env::var_os("PATH").and_then(|path| {
            std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file())
        }),
    };
    found.with_context(|| {
        format!("{name} is missing: run `{}`, or set {variable}", apt_line(&[package]))
    })
}

/// Chromium, for the page's tests.
pub fn browser() -> Result<PathBuf> {
    find(&CHROMIUM)
}

/// Chromium's driver, for the wasm tests.
pub fn driver() -> Result<PathBuf> {
    find(&CHROMEDRIVER)
}

/// Paths of the programs for the tests in other browser engines, with their
/// environment variables.
pub fn engines() -> Result<Vec<(&'static str, PathBuf)>> {
    [&FIREFOX, &WEBKIT, &SCREEN]
        .into_iter()
        .map(|program| Ok((program.variable, find(program)?)))
        .collect()
}

fn apt_line(packages: &[&str]) -> String {
    format!("sudo apt-get {} {}", APT.join(" "), packages.join(" "))
}

/// Installs the browsers and their drivers through apt, as root or by a sudo
/// that needs no password.
pub fn add_browsers() -> Result<()> {
    let missing = PROGRAMS.into_iter().filter(|program| find(program).is_err());
    let packages: Vec<&str> = missing.map(|program| program.package).collect();
    if packages.is_empty() {
        return Ok(());
    }
    let root = process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !root && !process::works(Command::new("sudo").args(["-n", "true"])) {
        bail!(
            "{} are missing, and installing them needs root: run `{}`",
            packages.join(", "),
            apt_line(&packages)
        );
    }
    let apt = || {
        let mut command = if root { Command::new("apt-get") } else { Command::new("sudo") };
        if !root {
            command.args(["-n", "apt-get"]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    process::run(apt().arg("update")).context("cannot update apt's package lists")?;
    process::run(apt().args(APT).args(&packages))
        .with_context(|| format!("run `{}`", apt_line(&packages)))
}

fn runner_path() -> Result<(PathBuf, PathBuf)> {
    let root = place::target()?.join("tools");
    Ok((root.join("bin/wasm-bindgen-test-runner"), root))
}

fn install_runner(root: &Path) -> Result<Command> {
    let version = place::locked("wasm-bindgen")?;
    let mut install = place::cargo();
    // Not --locked: the lock file of the package can name releases that a
    // registry does not serve.
    install.args([
        "install",
        "wasm-bindgen-cli",
        "--bin",
        "wasm-bindgen-test-runner",
        "--version",
        &version,
        "--root",
    ]);
    install.arg(root);
    Ok(install)
}

/// The runner of wasm tests, at the version of Cargo.lock.
pub fn runner() -> Result<PathBuf> {
    let (path, root) = runner_path()?;
    let version = place::locked("wasm-bindgen")?;
    let has = process::output(Command::new(&path).arg("--version")).unwrap_or_default();
    if !has.split_whitespace().any(|word| word == version) {
        bail!(
            "the runner of wasm tests is missing: run `{}`",
            process::line(&install_runner(&root)?)
        );
    }
    Ok(path)
}

/// Installs the runner of wasm tests.
pub fn add_runner() -> Result<()> {
    if runner().is_ok() {
        return Ok(());
    }
    let (_, root) = runner_path()?;
    let mut install = install_runner(&root)?;
    // It runs only for seconds: fast compilation matters more than its speed.
    install.arg("--force").env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    process::run(&mut install).context("cannot install the runner of wasm tests")
}

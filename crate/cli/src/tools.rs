//! The tools that building and testing need: found, or named with the command that installs them, or installed.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{place, process};

/// The wasm target of rustc.
pub const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// The system's browser and its driver, for the page's and the wasm tests.
const BROWSER: &str = "chromium";
const DRIVER: &str = "chromedriver";
const APT: [&str; 4] = ["install", "--yes", "--no-install-recommends", "chromium"];
const APT_DRIVER: &str = "chromium-driver";

/// Adds the wasm target where rustc lacks it.
pub fn add_target() -> Result<()> {
    let sysroot =
        process::output(Command::new("rustc").args(["--print", "sysroot"]).current_dir(place::root()))?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).is_dir() {
        return Ok(());
    }
    let mut add = Command::new("rustup");
    add.args(["target", "add", WASM_TARGET]).current_dir(place::root());
    process::run(&mut add)
        .with_context(|| format!("rustc lacks its wasm target: run `{}`", process::line(&add)))
}

/// Adds rustfmt and clippy where the toolchain lacks them.
pub fn add_components() -> Result<()> {
    for (component, subcommand) in [("rustfmt", "fmt"), ("clippy", "clippy")] {
        if !process::works(place::cargo().args([subcommand, "--version"])) {
            process::run(
                Command::new("rustup").args(["component", "add", component]).current_dir(place::root()),
            )?;
        }
    }
    Ok(())
}

/// The folder of the page's npm packages.
pub fn npm_folder() -> PathBuf {
    place::root().join("tests")
}

/// The folder of an npm package that package-lock.json names; installs them all where it is missing.
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
    process::run(&mut npm)
        .context("the page's packages need Node 20 and npm: install them, then run `npm ci` in tests/")
}

/// Whether the npm packages are installed and no older than the lock file.
pub fn npm_ready() -> bool {
    let changed = |path: &str| npm_folder().join(path).metadata().and_then(|meta| meta.modified()).ok();
    match (changed("node_modules/.package-lock.json"), changed("package-lock.json")) {
        (Some(installed), Some(locked)) => installed >= locked,
        _ => false,
    }
}

/// The path of a program: what the variable says, or what the system has.
fn program(variable: &str, name: &str) -> Option<PathBuf> {
    if let Some(named) = std::env::var_os(variable).filter(|value| !value.is_empty()) {
        return Some(PathBuf::from(named)).filter(|path| path.is_file());
    }
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// Chromium, for the page's tests.
pub fn browser() -> Result<PathBuf> {
    program("CHROMIUM", BROWSER)
        .with_context(|| format!("Chromium is missing: run `{}`, or set CHROMIUM", apt_line()))
}

/// Chromium's driver, for the wasm tests.
pub fn driver() -> Result<PathBuf> {
    program("CHROMEDRIVER", DRIVER)
        .with_context(|| format!("Chromium's driver is missing: run `{}`, or set CHROMEDRIVER", apt_line()))
}

fn apt_line() -> String {
    format!("sudo apt-get {} {APT_DRIVER}", APT.join(" "))
}

/// Installs the browser and its driver through apt, as root or by a sudo that asks nothing.
pub fn add_browser() -> Result<()> {
    if browser().is_ok() && driver().is_ok() {
        return Ok(());
    }
    let root = process::output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    if !root && !process::works(Command::new("sudo").args(["-n", "true"])) {
        bail!("Chromium and its driver are missing and need more rights: run `{}`", apt_line());
    }
    let apt = || {
        let mut command = if root { Command::new("apt-get") } else { Command::new("sudo") };
        if !root {
            command.args(["-n", "apt-get"]);
        }
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    process::run(apt().arg("update")).context("apt's lists cannot be read")?;
    process::run(apt().args(APT).arg(APT_DRIVER)).with_context(|| format!("run `{}`", apt_line()))
}

fn runner_path() -> Result<(PathBuf, PathBuf)> {
    let root = place::target()?.join("tools");
    Ok((root.join("bin/wasm-bindgen-test-runner"), root))
}

fn install_runner(root: &Path) -> Result<Command> {
    let version = place::locked("wasm-bindgen")?;
    let mut install = place::cargo();
    // Not --locked: the lock that the package ships may name releases that a registry does not serve.
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
        bail!("the runner of wasm tests is missing: run `{}`", process::line(&install_runner(&root)?));
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
    // It runs for seconds: compiling it fast matters more than its speed.
    install.arg("--force").env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
    process::run(&mut install).context("the runner of wasm tests cannot be installed")
}

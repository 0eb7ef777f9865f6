//! Makes the wasm builds of the worker: compiles them, binds them to
//! JavaScript, and checks which instructions they use.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use wasm_bindgen_cli_support::Bindgen;
use wasmparser::{Parser, Payload};

use crate::{bar, place, process, tools};

/// One build of the worker.
pub struct Build {
    /// Its folder under `wasm/`, and its name in the page.
    pub name: &'static str,
    /// Cargo features of `ganvas-web` and of the engine.
    pub features: &'static str,
    /// Names that the module's `target_features` section must list.
    with: &'static [&'static str],
    /// Names that it must not list.
    without: &'static [&'static str],
}

/// Every build of a site. They differ only in the innermost loop of the matrix
/// product: all else is compiled once.
pub const BUILDS: [Build; 2] = [
    Build { name: "simd128", features: "", with: &["simd128"], without: &["relaxed-simd"] },
    Build {
        name: "relaxed",
        features: "relaxed",
        with: &["simd128", "relaxed-simd"],
        without: &[],
    },
];

/// Features that a build can use: the oldest browsers that www/browsers.js
/// names have all of them but relaxed SIMD, which the page detects first.
const KNOWN: [&str; 10] = [
    "bulk-memory",
    "bulk-memory-opt",
    "call-indirect-overlong",
    "multivalue",
    "mutable-globals",
    "nontrapping-fptoint",
    "reference-types",
    "relaxed-simd",
    "sign-ext",
    "simd128",
];

/// Compiler flags of every build and of the wasm tests; all browsers with SIMD
/// have the other features too.
pub const TARGET_FEATURES: &str = "-Ctarget-feature=+simd128";

/// Compiles one build and writes `ganvas_web.js` and `ganvas_web_bg.wasm` into
/// `<wasm>/<name>/`.
pub fn write(build: &Build, wasm: &Path) -> Result<()> {
    write_package("ganvas-web", build.features, &wasm.join(build.name), |bytes| {
        check_features(build, bytes)
    })
    .with_context(|| format!("the {} build of the worker failed", build.name))
}

/// Compiles a package with cargo features, checks the module, and writes it
/// with its JavaScript bindings into `folder`.
pub fn write_package(
    package: &str,
    features: &str,
    folder: &Path,
    check: impl Fn(&[u8]) -> Result<()>,
) -> Result<()> {
    tools::add_target()?;
    let mut cargo = place::cargo();
    cargo.args([
        "build",
        "--lib",
        "--package",
        package,
        "--target",
        tools::WASM_TARGET,
        "--profile",
        "wasm",
    ]);
    cargo.args(["--features", features]);
    // Only our flags: the environment's would silently replace the feature.
    cargo.env_remove("CARGO_ENCODED_RUSTFLAGS").env("RUSTFLAGS", TARGET_FEATURES);
    process::run(&mut cargo)?;
    let module = place::target()?
        .join(tools::WASM_TARGET)
        .join("wasm")
        .join(format!("{}.wasm", package.replace('-', "_")));

    let spinner = bar::spinner(&format!("binding {}", module.display()));
    fs::create_dir_all(folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let bytes = fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
    check(&bytes)?;
    Bindgen::new()
        .input_bytes("ganvas_web", bytes)
        .web(true)?
        .out_name("ganvas_web")
        .typescript(false)
        // The page calls `init()` without an address: the module is next to its
        // JavaScript.
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(folder)
        .with_context(|| format!("cannot bind {}", module.display()))?;
    spinner.finish_and_clear();
    Ok(())
}

fn check_features(build: &Build, module: &[u8]) -> Result<()> {
    let used =
        features(module).with_context(|| format!("the {} build of the worker", build.name))?;
    for name in build.with {
        ensure!(
            used.iter().any(|used| used == name),
            "the {} build does not use {name}",
            build.name
        );
    }
    for name in &used {
        ensure!(
            KNOWN.contains(&name.as_str()),
            "the {} build uses {name}: check which browsers have it, and www/browsers.js",
            build.name
        );
    }
    for name in build.without {
        ensure!(
            !used.iter().any(|used| used == name),
            "the {} build uses {name}: older browsers reject it",
            build.name
        );
    }
    Ok(())
}

/// The names that a module's `target_features` section lists as used.
fn features(module: &[u8]) -> Result<Vec<String>> {
    for payload in Parser::new(0).parse_all(module) {
        let Payload::CustomSection(section) = payload.context("not a wasm module")? else {
            continue;
        };
        if section.name() == "target_features" {
            return listed(section.data());
        }
    }
    bail!("the module has no target_features section")
}

/// The names of the used features. The section is a count, then for each
/// feature a sign (`+` used), the length of its name, and its name.
fn listed(section: &[u8]) -> Result<Vec<String>> {
    let mut reader = wasmparser::BinaryReader::new(section, 0);
    let mut used = Vec::new();
    for _ in 0..reader.read_var_u32()? {
        let (sign, name) = (reader.read_u8()?, reader.read_string()?);
        if sign == b'+' {
            used.push(name.to_owned());
        }
    }
    Ok(used)
}

#[cfg(test)]
mod tests {
    use super::{BUILDS, check_features};

    fn module(features: &[&str]) -> Vec<u8> {
        let mut section = vec![15];
        section.extend(b"target_features");
        section.push(features.len() as u8);
        for feature in features {
            section.extend([b'+', feature.len() as u8]);
            section.extend(feature.as_bytes());
        }
        let mut module = b"\0asm\x01\0\0\0\0".to_vec();
        module.push(section.len() as u8);
        module.extend(section);
        module
    }

    #[test]
    fn the_relaxed_build_must_use_relaxed_simd() {
        assert!(check_features(&BUILDS[1], &module(&["simd128", "relaxed-simd"])).is_ok());
        assert!(check_features(&BUILDS[1], &module(&["simd128"])).is_err());
    }

    #[test]
    fn the_simd128_build_must_use_simd128_and_nothing_newer() {
        let build = &BUILDS[0];
        assert!(check_features(build, &module(&["sign-ext", "simd128"])).is_ok());
        assert!(check_features(build, &module(&["sign-ext"])).is_err());
        assert!(check_features(build, &module(&["simd128", "relaxed-simd"])).is_err());
        assert!(check_features(build, &module(&["simd128", "tail-call"])).is_err());
        assert!(check_features(build, b"\0asm\x01\0\0\0").is_err());
        assert!(check_features(build, b"no wasm at all").is_err());
    }
}

//! The charts of a site: uPlot from npm, with a patch of the one line that
//! stops it from starting in some browsers.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::tools;

/// The module, which is patched, and the files that are copied unchanged: the
/// path in the package, and the name in the site.
const MODULE: (&str, &str) = ("dist/uPlot.esm.js", "uPlot.esm.js");
const OTHERS: [(&str, &str); 2] = [("dist/uPlot.min.css", "uPlot.min.css"), ("LICENSE", "LICENSE")];

/// uPlot makes a number format while it is imported, and throws if the
/// browser's language is not a valid tag: `C`, `en-US@posix`. The browser's
/// default, which the patched line uses, is always valid; the page formats its
/// axes itself.
const THROWS: &str = "new Intl.NumberFormat(domEnv ? nav.language : 'en-US')";
const PATCHED: &str = "new Intl.NumberFormat()";

/// Copies uPlot into a folder of the site. Errors: npm cannot install it, or
/// this release does not have the line to patch.
pub fn copy(to: &Path) -> Result<()> {
    let package = tools::npm_package("uplot")?;
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for (from, name) in OTHERS {
        let source = package.join(from);
        fs::copy(&source, to.join(name))
            .with_context(|| format!("cannot copy {}", source.display()))?;
    }
    let (source, target) = (package.join(MODULE.0), to.join(MODULE.1));
    let code =
        fs::read_to_string(&source).with_context(|| format!("cannot read {}", source.display()))?;
    let patched = patch(&code).with_context(|| format!("cannot patch {}", source.display()))?;
    fs::write(&target, patched).with_context(|| format!("cannot write {}", target.display()))
}

fn patch(code: &str) -> Result<String> {
    ensure!(
        code.matches(THROWS).count() == 1,
        "this release of uPlot does not have `{THROWS}` once: check whether it starts when navigator.language is `C`"
    );
    Ok(code.replace(THROWS, PATCHED))
}

#[cfg(test)]
mod tests {
    use super::{PATCHED, THROWS, patch};

    #[test]
    fn the_line_that_throws_is_patched() {
        let code = format!("const a = 1;\nconst numFormatter = {THROWS};\nlet b;");
        assert_eq!(
            patch(&code).unwrap(),
            format!("const a = 1;\nconst numFormatter = {PATCHED};\nlet b;")
        );
    }

    #[test]
    fn another_release_is_refused() {
        assert!(patch("const a = 1;").is_err());
        assert!(patch(&format!("{THROWS}; {THROWS}")).is_err());
    }
}

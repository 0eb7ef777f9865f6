//! The charts of a site: uPlot from npm, with the one line mended that keeps it
//! from starting in every browser.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::tools;

/// The module, which is mended, and what is copied as it is: in the package,
/// and in the site.
const MODULE: (&str, &str) = ("dist/uPlot.esm.js", "uPlot.esm.js");
const OTHERS: [(&str, &str); 2] = [("dist/uPlot.min.css", "uPlot.min.css"), ("LICENSE", "LICENSE")];

/// uPlot makes a number format while it is imported, and throws where the
/// browser's language is no valid tag: `C`, `en-US@posix`. The browser's
/// default, which the mended line takes, is always valid; the page writes its
/// axes itself.
const THROWS: &str = "new Intl.NumberFormat(domEnv ? nav.language : 'en-US')";
const MENDED: &str = "new Intl.NumberFormat()";

/// Copies uPlot into a folder of the site. Errors: npm cannot install it, or it
/// is another release than the one that is mended here.
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
    let mended = mend(&code).with_context(|| format!("{} cannot be mended", source.display()))?;
    fs::write(&target, mended).with_context(|| format!("cannot write {}", target.display()))
}

fn mend(code: &str) -> Result<String> {
    ensure!(
        code.matches(THROWS).count() == 1,
        "this release of uPlot does not hold `{THROWS}` once: see whether it starts where navigator.language is `C`"
    );
    Ok(code.replace(THROWS, MENDED))
}

#[cfg(test)]
mod tests {
    use super::{MENDED, THROWS, mend};

    #[test]
    fn the_line_that_throws_is_mended() {
        let code = format!("const a = 1;\nconst numFormatter = {THROWS};\nlet b;");
        assert_eq!(
            mend(&code).unwrap(),
            format!("const a = 1;\nconst numFormatter = {MENDED};\nlet b;")
        );
    }

    #[test]
    fn another_release_is_refused() {
        assert!(mend("const a = 1;").is_err());
        assert!(mend(&format!("{THROWS}; {THROWS}")).is_err());
    }
}

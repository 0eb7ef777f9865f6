//! Writes the sizes of a site's scripts and wasm builds into its `index.html`:
//! the page uses them to show how much has arrived.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::site::size::scripts;
use crate::site::wasm::BUILDS;

const INDEX: &str = "index.html";

/// The placeholder for the sizes.
const PLACE: &str = r#"<meta name="bytes" content="" />"#;

/// Writes the sizes into the page of `site`, whose scripts must be in their
/// final form.
pub fn write(site: &Path) -> Result<()> {
    let length = |file: &str| {
        let path = site.join(file);
        let meta =
            fs::metadata(&path).with_context(|| format!("cannot read {}", path.display()))?;
        anyhow::Ok(meta.len())
    };
    let page = scripts(site)?.iter().map(|file| length(file)).sum::<Result<u64>>()?;
    let mut sizes = vec![format!("page={page}")];
    for build in &BUILDS {
        for (part, file) in [("js", "ganvas_web.js"), ("wasm", "ganvas_web_bg.wasm")] {
            let bytes = length(&format!("wasm/{}/{file}", build.name))?;
            sizes.push(format!("{}.{part}={bytes}", build.name));
        }
    }
    let index = site.join(INDEX);
    let markup =
        fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    fs::write(&index, filled(&markup, &sizes)?)
        .with_context(|| format!("cannot write {}", index.display()))
}

fn filled(markup: &str, sizes: &[String]) -> Result<String> {
    ensure!(
        markup.matches(PLACE).count() == 1,
        "{INDEX} must have one placeholder for the sizes: {PLACE}"
    );
    Ok(markup.replace(
        PLACE,
        &PLACE.replace(r#"content="""#, &format!(r#"content="{}""#, sizes.join("&amp;"))),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_replace_the_placeholder_and_a_page_without_it_is_refused() {
        let sizes = ["page=1".to_owned(), "simd128.js=2".to_owned()];
        let markup = format!("<head>{PLACE}</head>");
        let expected = r#"<head><meta name="bytes" content="page=1&amp;simd128.js=2" /></head>"#;
        assert_eq!(filled(&markup, &sizes).ok().as_deref(), Some(expected));
        assert!(filled("<head></head>", &sizes).is_err());
    }
}

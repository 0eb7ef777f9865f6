//! Serves the files of a folder, with the headers of GitHub Pages; text and
//! wasm are compressed once and cached.

mod packed;

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, IF_RANGE, LOCATION, RANGE, VARY};
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::response::Response;
use percent_encoding::percent_decode_str;
use tower::ServiceExt;
use tower_http::services::ServeDir;

use super::plain;
use packed::Packed;

struct Site {
    /// The folder, without links in its path.
    folder: PathBuf,
    /// The path to serve under, such as `/` or `/ganvas/`.
    under: String,
    files: ServeDir<tower_http::services::fs::DefaultServeDirFallback, Packed>,
}

/// Serves a folder under a path such as `/` or `/ganvas/`. Error: the folder
/// does not exist.
pub fn router(folder: &Path, under: &str) -> Result<Router> {
    let folder =
        fs::canonicalize(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let files = ServeDir::with_backend(&folder, Packed::default())
        .precompressed_gzip()
        .ignore_multi_range_requests(true);
    let site = Site { folder, under: under.to_owned(), files };
    Ok(Router::new().fallback(answer).with_state(Arc::new(site)))
}

async fn answer(State(site): State<Arc<Site>>, request: Request) -> Response {
    let mut response = found(&site, request).await;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("max-age=600"));
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    response
}

async fn found(site: &Site, mut request: Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut refused = plain(StatusCode::METHOD_NOT_ALLOWED, "Only GET and HEAD are supported.");
        refused.headers_mut().insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refused;
    }
    let path = request.uri().path().to_owned();
    if format!("{path}/") == site.under {
        return moved(request.uri(), &site.under);
    }
    let nothing = || plain(StatusCode::NOT_FOUND, "Not found.");
    let Some(rest) = path.strip_prefix(&site.under) else { return nothing() };
    let Some(real) = resolve(&site.folder, rest) else { return nothing() };
    if real.is_dir() {
        return moved(request.uri(), &format!("{path}/"));
    }
    // Without the query, which is not part of a file's name.
    let Ok(inner) = format!("/{rest}").parse() else { return nothing() };
    *request.uri_mut() = inner;
    // Whether the condition holds is not known yet; without the range the
    // response is the complete file, which is always right.
    if request.headers_mut().remove(IF_RANGE).is_some() {
        request.headers_mut().remove(RANGE);
    }
    let Ok(response) = site.files.clone().oneshot(request).await;
    let mut response = response.map(Body::new);
    match response.status() {
        StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::NOT_MODIFIED => {
            response
                .headers_mut()
                .insert(CONTENT_TYPE, HeaderValue::from_static(media_type(&real).0));
            response
        }
        StatusCode::RANGE_NOT_SATISFIABLE | StatusCode::PRECONDITION_FAILED => response,
        _ => nothing(),
    }
}

/// A redirect to another path, with the same query.
fn moved(from: &Uri, path: &str) -> Response {
    let query = from.query().map(|query| format!("?{query}")).unwrap_or_default();
    let mut response = plain(StatusCode::MOVED_PERMANENTLY, "Moved.");
    if let Ok(to) = HeaderValue::from_str(&format!("{path}{query}")) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

/// The file or folder of an address; None if it does not exist, is outside
/// `folder`, or has a part that begins with a dot in its path.
fn resolve(folder: &Path, rest: &str) -> Option<PathBuf> {
    let decoded = percent_decode_str(rest).decode_utf8().ok()?;
    if decoded.contains(['\0', '\\']) || !shown(Path::new(&*decoded)) {
        return None;
    }
    let named = folder.join(&*decoded);
    let named =
        if decoded.is_empty() || decoded.ends_with('/') { named.join("index.html") } else { named };
    // Follows links, so that none leads outside.
    let real = fs::canonicalize(named).ok()?;
    shown(real.strip_prefix(folder).ok()?).then_some(real)
}

/// Whether each part of a path is a plain name that does not begin with a dot.
fn shown(path: &Path) -> bool {
    path.components().all(|part| match part {
        Component::Normal(name) => !name.to_string_lossy().starts_with('.'),
        _ => false,
    })
}

/// The media type by the file's ending, and whether Pages compresses it.
fn media_type(path: &Path) -> (&'static str, bool) {
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("html") => ("text/html; charset=utf-8", true),
        Some("js" | "mjs") => ("application/javascript; charset=utf-8", true),
        Some("css") => ("text/css; charset=utf-8", true),
        Some("json") => ("application/json; charset=utf-8", true),
        Some("webmanifest") => ("application/manifest+json", true),
        Some("svg") => ("image/svg+xml", true),
        Some("wasm") => ("application/wasm", true),
        Some("txt" | "md") => ("text/plain; charset=utf-8", true),
        Some("gz") => ("application/gzip", false),
        Some("png") => ("image/png", false),
        Some("ico") => ("image/vnd.microsoft.icon", false),
        Some("woff2") => ("font/woff2", false),
        _ => ("application/octet-stream", false),
    }
}

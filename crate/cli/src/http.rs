//! A static file server that answers as GitHub Pages does: its headers, its types, its compression, and nothing more.

use std::fs;
use std::io::{Cursor, ErrorKind};
use std::net::TcpListener;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result, anyhow};
use tiny_http::{Header, Method, Request, Response};

use crate::site_data::gzip;

/// A browser opens about six connections.
const THREADS: usize = 6;

/// A bound port.
pub struct Server {
    http: tiny_http::Server,
    port: u16,
}

type Answer = Response<Cursor<Vec<u8>>>;

impl Server {
    /// Takes a port of 127.0.0.1. Errors: it is busy or not ours to take.
    pub fn bind(port: u16) -> Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", port)).map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => {
                anyhow!("port {port} is busy: try --port {}", if port < u16::MAX { port + 1 } else { 8080 })
            }
            ErrorKind::PermissionDenied => anyhow!("port {port} needs more rights: try --port 8080"),
            _ => anyhow::Error::new(error).context(format!("cannot listen on port {port}")),
        })?;
        let port = listener.local_addr().context("the port has no address")?.port();
        let http = tiny_http::Server::from_listener(listener, None)
            .map_err(|error| anyhow!("cannot serve: {error}"))?;
        Ok(Self { http, port })
    }

    /// The port it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Serves the folder under a path such as `/` or `/ganvas/`, for as long as the process lives.
    pub fn serve(&self, folder: &Path, under: &str) -> Result<()> {
        let folder = fs::canonicalize(folder).with_context(|| format!("cannot read {}", folder.display()))?;
        std::thread::scope(|scope| {
            for _ in 0..THREADS {
                scope.spawn(|| {
                    while let Ok(request) = self.http.recv() {
                        let answer = answer(&request, &folder, under);
                        // A browser that went away is no error of ours.
                        let _ = request.respond(answer);
                    }
                });
            }
        });
        Ok(())
    }
}

fn answer(request: &Request, folder: &Path, under: &str) -> Answer {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return plain(405, "Only GET and HEAD are answered here.");
    }
    let address = request.url().split(['?', '#']).next().unwrap_or("/");
    if format!("{address}/") == under {
        return with(plain(301, "Moved."), "Location", under);
    }
    let Some(path) = address.strip_prefix(under).and_then(|rest| resolve(folder, rest)) else {
        return plain(404, "There is nothing here.");
    };
    if path.is_dir() {
        return with(plain(301, "Moved."), "Location", &format!("{address}/"));
    }
    file(request, &path).unwrap_or_else(|_| plain(404, "There is nothing here."))
}

/// The file or folder that an address names, never one outside of `folder`.
fn resolve(folder: &Path, rest: &str) -> Option<PathBuf> {
    let decoded = percent_decoded(rest)?;
    let relative = Path::new(&decoded);
    if decoded.contains(['\0', '\\'])
        || !relative.components().all(|part| matches!(part, Component::Normal(_)))
    {
        return None;
    }
    let named = folder.join(relative);
    let named = if decoded.is_empty() || decoded.ends_with('/') { named.join("index.html") } else { named };
    // Follows links, so that none leads out.
    let real = fs::canonicalize(named).ok()?;
    real.starts_with(folder).then_some(real)
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if let (b'%', [high, low, after @ ..]) = (first, tail) {
            let digits = [*high, *low];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
            rest = after;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).ok()
}

fn file(request: &Request, path: &Path) -> Result<Answer> {
    let (kind, compress) = media_type(path);
    let compress =
        compress && header_value(request, "Accept-Encoding").is_some_and(|value| value.contains("gzip"));
    let meta = fs::metadata(path)?;
    let modified = meta.modified()?.duration_since(UNIX_EPOCH)?.as_nanos();
    let weak = if compress { "W/" } else { "" };
    let tag = format!("{weak}\"{modified:x}-{:x}\"", meta.len());
    let unchanged = header_value(request, "If-None-Match").is_some_and(|value| value == tag);
    let mut answer = if unchanged {
        Response::from_data(Vec::new()).with_status_code(304)
    } else if compress {
        with(Response::from_data(gzip(&fs::read(path)?)?), "Content-Encoding", "gzip")
    } else {
        Response::from_data(fs::read(path)?)
    };
    for (name, value) in [("Content-Type", kind), ("ETag", &tag), ("Vary", "Accept-Encoding")] {
        answer = with(answer, name, value);
    }
    Ok(common(answer))
}

fn plain(status: u16, text: &str) -> Answer {
    let answer = Response::from_data(format!("{text}\n").into_bytes()).with_status_code(status);
    common(with(answer, "Content-Type", "text/plain; charset=utf-8"))
}

fn common(answer: Answer) -> Answer {
    let answer = with(answer, "Cache-Control", "max-age=600");
    // The page shows progress by length; a chunked answer has none.
    with(answer, "Access-Control-Allow-Origin", "*").with_chunked_threshold(usize::MAX)
}

/// Adds a header; one that is not ASCII is left out.
fn with(answer: Answer, name: &str, value: &str) -> Answer {
    match Header::from_bytes(name, value) {
        Ok(header) => answer.with_header(header),
        Err(()) => answer,
    }
}

fn header_value<'a>(request: &'a Request, name: &'static str) -> Option<&'a str> {
    request.headers().iter().find(|header| header.field.equiv(name)).map(|header| header.value.as_str())
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

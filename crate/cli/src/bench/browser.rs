//! Chromium as a host: a page that asks for work, and a server that gives it some and takes the result.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use serde_json::{Value, json};
use tempfile::TempDir;
use tiny_http::{Header, Request, Response, Server};

use super::case::Case;
use super::report::Line;
use crate::tools;

const PAGE: &str = include_str!("page.html");
const WORKER: &str = include_str!("worker.js");

/// As long as a measurement may take beyond its own time.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running browser with the page open.
pub struct Browser {
    chromium: Child,
    work: Sender<Value>,
    results: Receiver<Value>,
    /// Its profile, removed with it.
    _profile: TempDir,
}

impl Browser {
    /// Serves `folder`, which holds `site/` and perhaps `stock/`, and opens the page. Errors: Chromium is missing.
    pub fn start(folder: &Path) -> Result<Self> {
        let server = Server::http("127.0.0.1:0").map_err(|error| anyhow!("cannot serve: {error}"))?;
        let address = server.server_addr().to_ip().context("the server has no address")?;
        let (work, next) = channel();
        let (done, results) = channel();
        let folder = folder.to_owned();
        std::thread::spawn(move || serve(&server, &folder, &next, &done));
        let profile = TempDir::new().context("no folder for the browser's profile")?;
        let chromium = Command::new(tools::browser()?)
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(format!("http://{address}/"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("Chromium does not start")?;
        Ok(Self { chromium, work, results, _profile: profile })
    }

    /// Trains a case in one of the site's builds for about `ms`.
    pub fn train(&mut self, build: &str, case: &Case, ms: f64) -> Result<Line> {
        let knobs: serde_json::Map<String, Value> =
            case.knobs.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
        let module = format!("/site/wasm/{build}/ganvas_web.js");
        let ceiling = self.call(json!({ "module": module, "call": "bare_kernel", "with": [0.1 * ms] }))?;
        let with = json!([case.recipe, Value::Object(knobs).to_string(), ms]);
        let answer = self.call(json!({ "module": module, "call": "bench", "with": with }))?;
        let text = answer["value"].as_str().context("a build gave no report")?;
        let report = serde_json::from_str(text).context("a build's report is no JSON")?;
        let ceiling = ceiling["value"].as_f64().unwrap_or(f64::NAN);
        Ok(Line::ours(case, "browser", build, &report, ceiling, answer["heap"].clone()))
    }

    /// Stock candle's iterations a second.
    pub fn stock(&mut self, seconds: f64) -> Result<f64> {
        let module = "/stock/ganvas_web.js";
        let answer = self.call(json!({ "module": module, "call": "stock", "with": [seconds] }))?;
        answer["value"].as_f64().context("stock candle gave no rate")
    }

    fn call(&mut self, job: Value) -> Result<Value> {
        self.work.send(job).context("the page's server is gone")?;
        let answer = self.results.recv_timeout(PATIENCE).context("the page in Chromium does not answer")?;
        match answer["error"].as_str() {
            Some(error) => bail!("in Chromium: {error}"),
            None => Ok(answer),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // It is gone already, or it goes now.
        let _ = self.chromium.kill();
        let _ = self.chromium.wait();
    }
}

/// Answers the page: `/next` waits for work, `/done` takes a result, all else is a file.
fn serve(server: &Server, folder: &Path, next: &Receiver<Value>, done: &Sender<Value>) {
    for mut request in server.incoming_requests() {
        let answer = match request.url() {
            "/" => text(PAGE, "text/html"),
            "/worker.js" => text(WORKER, "text/javascript"),
            "/next" => match next.recv() {
                Ok(job) => text(&job.to_string(), "application/json"),
                Err(_) => return,
            },
            "/done" => {
                let result = serde_json::from_reader(request.as_reader());
                let result = result.unwrap_or_else(|error| json!({ "error": error.to_string() }));
                if done.send(result).is_err() {
                    return;
                }
                text("", "text/plain")
            }
            path => file(folder, path),
        };
        respond(request, answer);
    }
}

fn text(body: &str, mime: &'static str) -> (Vec<u8>, &'static str, u16) {
    (body.as_bytes().to_vec(), mime, 200)
}

fn file(folder: &Path, url: &str) -> (Vec<u8>, &'static str, u16) {
    let path = Path::new(url.trim_start_matches('/'));
    let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    let path: PathBuf = folder.join(path);
    let mime = match path.extension().and_then(|end| end.to_str()) {
        Some("wasm") => "application/wasm",
        Some("js") => "text/javascript",
        _ => "application/octet-stream",
    };
    match fs::read(path) {
        Ok(bytes) if inside => (bytes, mime, 200),
        _ => (Vec::new(), mime, 404),
    }
}

fn respond(request: Request, (body, mime, status): (Vec<u8>, &'static str, u16)) {
    let mut response = Response::from_data(body).with_status_code(status);
    // Isolated pages get exact timers.
    let isolation = [
        ("Content-Type", mime),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Embedder-Policy", "require-corp"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ];
    for (name, value) in isolation {
        if let Ok(header) = Header::from_bytes(name, value) {
            response.add_header(header);
        }
    }
    // A browser that went away is no error of ours.
    let _ = request.respond(response);
}

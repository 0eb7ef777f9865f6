//! Chromium as a host: a page requests jobs from a local server and posts the
//! results back.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::{get, post};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Mutex;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::case::Case;
use super::report::Line;
use crate::http::hosts::{Hosts, guard};
use crate::http::{Server, files};
use crate::tools;

const PAGE: &str = include_str!("page.html");
const WORKER: &str = include_str!("worker.js");

/// Longest wait for the result of a job.
const PATIENCE: Duration = Duration::from_secs(120);

/// A running browser with the page open.
pub struct Browser {
    chromium: Child,
    work: UnboundedSender<Value>,
    results: Receiver<Value>,
    /// The browser's profile, removed on drop.
    _profile: TempDir,
}

impl Browser {
    /// Serves `folder`, which contains `site/` and optionally `stock/`, and
    /// opens the page. Errors: Chromium is missing or does not start.
    pub fn start(folder: &Path) -> Result<Self> {
        let server = Server::bind("127.0.0.1", 0)?;
        let address = server.address();
        let (work, next) = unbounded_channel();
        let (done, results) = channel();
        let app = app(folder, Jobs { next: Mutex::new(next), done })?;
        std::thread::spawn(move || server.run(app));
        let profile = TempDir::new().context("cannot create a folder for the browser's profile")?;
        let chromium = Command::new(tools::browser()?)
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
            ])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg(format!("http://{address}/"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("cannot start Chromium")?;
        Ok(Self { chromium, work, results, _profile: profile })
    }

    /// Trains a case in one of the site's builds for about `ms` milliseconds.
    pub fn train(&mut self, build: &str, case: &Case, ms: f64) -> Result<Line> {
        let knobs: serde_json::Map<String, Value> =
            case.knobs.iter().map(|(key, value)| (key.clone(), value.as_str().into())).collect();
        let module = format!("/site/wasm/{build}/ganvas_web.js");
        let ceiling =
            self.call(json!({ "module": module, "call": "bare_kernel", "with": [0.1 * ms] }))?;
        let with = json!([case.recipe, Value::Object(knobs).to_string(), ms]);
        let answer = self.call(json!({ "module": module, "call": "bench", "with": with }))?;
        let text = answer["value"].as_str().context("the build returned no report")?;
        let report = serde_json::from_str(text).context("the build's report is not JSON")?;
        let ceiling = ceiling["value"].as_f64().unwrap_or(f64::NAN);
        Ok(Line::ours(case, "browser", build, &report, ceiling, answer["heap"].clone()))
    }

    /// Measures stock candle, in iterations per second.
    pub fn stock(&mut self, seconds: f64) -> Result<f64> {
        let module = "/stock/ganvas_web.js";
        let answer = self.call(json!({ "module": module, "call": "stock", "with": [seconds] }))?;
        answer["value"].as_f64().context("stock candle returned no rate")
    }

    fn call(&mut self, job: Value) -> Result<Value> {
        self.work.send(job).context("the page's server has stopped")?;
        let answer =
            self.results.recv_timeout(PATIENCE).context("the page in Chromium does not answer")?;
        match answer["error"].as_str() {
            Some(error) => bail!("in Chromium: {error}"),
            None => Ok(answer),
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // An error means that it has already ended.
        let _ = self.chromium.kill();
        let _ = self.chromium.wait();
    }
}

/// The queue of the page's jobs, and where their results go.
struct Jobs {
    next: Mutex<UnboundedReceiver<Value>>,
    done: Sender<Value>,
}

/// The routes of the page: `/next` waits for a job, `/done` takes a result, any
/// other path is a file.
fn app(folder: &Path, jobs: Jobs) -> Result<Router> {
    let scripts = Router::new()
        .route("/", get(([(CONTENT_TYPE, "text/html")], PAGE)))
        .route("/worker.js", get(([(CONTENT_TYPE, "text/javascript")], WORKER)))
        .route("/next", get(next))
        .route("/done", post(done))
        .with_state(Arc::new(jobs));
    let all = scripts.fallback_service(files::router(folder, "/")?);
    Ok(all
        .layer(map_response(isolated))
        .layer(from_fn_with_state(Arc::new(Hosts::of(None)), guard)))
}

async fn next(State(jobs): State<Arc<Jobs>>) -> Result<String, StatusCode> {
    // The queue is closed: the browser is about to be stopped.
    jobs.next.lock().await.recv().await.map(|job| job.to_string()).ok_or(StatusCode::GONE)
}

async fn done(State(jobs): State<Arc<Jobs>>, body: Bytes) {
    let result =
        serde_json::from_slice(&body).unwrap_or_else(|error| json!({ "error": error.to_string() }));
    // After the end nobody waits for a result.
    let _ = jobs.done.send(result);
}

/// Cross-origin isolated pages get exact timers.
async fn isolated(mut response: Response) -> Response {
    for (name, value) in [
        ("cross-origin-opener-policy", "same-origin"),
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    use axum::body::{Body, to_bytes};
    use axum::extract::Request;
    use axum::http::Method;
    use axum::http::header::HOST;
    use tower::ServiceExt;

    #[test]
    fn the_isolated_page_gets_jobs_and_posts_results() {
        let folder = TempDir::new().unwrap();
        std::fs::write(folder.path().join("a.wasm"), "wasm").unwrap();
        let (work, next) = unbounded_channel();
        let (done, results) = channel();
        let app = app(folder.path(), Jobs { next: Mutex::new(next), done }).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let ask = |method: Method, path: &str, body: &str| {
            let request = Request::builder().method(method).uri(path).header(HOST, "127.0.0.1:1");
            let request = request.body(Body::from(body.to_owned())).unwrap();
            let response = runtime.block_on(app.clone().oneshot(request)).unwrap();
            let (head, body) = response.into_parts();
            assert_eq!(head.headers["cross-origin-embedder-policy"], "require-corp", "{path}");
            assert_eq!(head.headers[CACHE_CONTROL], "no-store", "{path}");
            let body = runtime.block_on(to_bytes(body, usize::MAX)).unwrap();
            (head, String::from_utf8(body.to_vec()).unwrap())
        };
        assert_eq!(ask(Method::GET, "/", "").1, PAGE);
        let (head, body) = ask(Method::GET, "/worker.js", "");
        assert_eq!(
            (body.as_str(), head.headers[CONTENT_TYPE].as_bytes()),
            (WORKER, &b"text/javascript"[..])
        );
        let (head, body) = ask(Method::GET, "/a.wasm", "");
        assert_eq!(
            (body.as_str(), head.headers[CONTENT_TYPE].as_bytes()),
            ("wasm", &b"application/wasm"[..])
        );
        work.send(json!({ "call": "bench" })).unwrap();
        assert_eq!(ask(Method::GET, "/next", "").1, r#"{"call":"bench"}"#);
        assert_eq!(ask(Method::POST, "/done", r#"{"value":1}"#).0.status, StatusCode::OK);
        assert_eq!(results.recv().unwrap()["value"], 1);
        ask(Method::POST, "/done", "no JSON");
        assert!(results.recv().unwrap()["error"].is_string());
        drop(work);
        assert_eq!(ask(Method::GET, "/next", "").0.status, StatusCode::GONE);
    }
}

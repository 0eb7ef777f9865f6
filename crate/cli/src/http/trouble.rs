//! What tests put between a server and its clients: a log of every requested
//! path, a response that is cut, a slow line.

use std::io::{self, Write};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::Context;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::header::ACCEPT_ENCODING;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::future::ready;
use futures_util::{StreamExt, TryStreamExt, stream};
use percent_encoding::percent_decode_str;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep, sleep_until};

/// Bytes of a piece of a slow response.
const PIECE: usize = 4096;

/// Delay before a cut, so that the bytes before it are sent.
const BEFORE_BREAK: Duration = Duration::from_millis(50);

/// The end of a path, and the number of bytes after which its first response is
/// cut: `images.gz:3000`.
#[derive(Clone)]
pub struct Cut {
    path: String,
    after: usize,
}

impl FromStr for Cut {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (path, after) =
            text.rsplit_once(':').context("expected a path, a colon and a number of bytes")?;
        Ok(Self {
            path: path.to_owned(),
            after: after.parse().context("the number of bytes is not a number")?,
        })
    }
}

/// What one server does to its responses.
pub struct Trouble {
    log: bool,
    cut: Option<Cut>,
    done: AtomicBool,
    line: Option<Line>,
}

impl Trouble {
    /// `log` prints each path; `slow` is a limit in bytes per second, for all
    /// responses together.
    pub fn new(log: bool, cut: Option<Cut>, slow: Option<u32>) -> Self {
        let line = slow.map(|rate| Line { rate, free: Mutex::new(Instant::now()) });
        Self { log, cut, done: AtomicBool::new(false), line }
    }
}

/// One line that all responses share.
struct Line {
    /// Bytes per second.
    rate: u32,
    /// When it becomes free.
    free: Mutex<Instant>,
}

impl Line {
    /// Waits until a piece of this many bytes has passed.
    async fn pass(&self, bytes: usize) {
        let mut free = self.free.lock().await;
        let took = Duration::from_secs_f64(bytes as f64 / f64::from(self.rate));
        let through = Instant::now().max(*free) + took;
        *free = through;
        drop(free);
        sleep_until(through).await;
    }
}

/// Answers a request, with the log, the cut and the slow line that are set.
pub async fn meddle(
    State(trouble): State<Arc<Trouble>>,
    mut request: Request,
    next: Next,
) -> Response {
    let path = percent_decode_str(request.uri().path()).decode_utf8_lossy().into_owned();
    let cut = trouble.cut.as_ref().filter(|cut| path.ends_with(&cut.path));
    let cut = cut.filter(|_| !trouble.done.swap(true, Ordering::Relaxed)).map(|cut| cut.after);
    if trouble.log {
        let word = if cut.is_some() { "cut" } else { "asked" };
        // A closed stdout does not matter.
        let _ = writeln!(io::stdout(), "{word} {path}");
    }
    if cut.is_some() {
        request.headers_mut().remove(ACCEPT_ENCODING);
    }
    let mut response = next.run(request).await;
    if let Some(after) = cut {
        response = response.map(|body| broken(body, after));
    }
    if trouble.line.is_some() {
        response = response.map(|body| slowed(body, trouble));
    }
    response
}

/// The first bytes of a body, then an error, which closes the connection.
fn broken(body: Body, after: usize) -> Body {
    let mut left = after;
    let first =
        body.into_data_stream().map_err(io::Error::other).try_filter_map(move |mut bytes| {
            bytes.truncate(left);
            left -= bytes.len();
            ready(Ok((!bytes.is_empty()).then_some(bytes)))
        });
    let end = stream::once(async {
        sleep(BEFORE_BREAK).await;
        Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionReset))
    });
    Body::from_stream(first.chain(end))
}

fn slowed(body: Body, trouble: Arc<Trouble>) -> Body {
    let pieces = body.into_data_stream().map_ok(|mut bytes| {
        let mut pieces: Vec<Result<Bytes, axum::Error>> = Vec::new();
        while !bytes.is_empty() {
            pieces.push(Ok(bytes.split_to(PIECE.min(bytes.len()))));
        }
        stream::iter(pieces)
    });
    Body::from_stream(pieces.try_flatten().and_then(move |piece| {
        let trouble = Arc::clone(&trouble);
        async move {
            if let Some(line) = &trouble.line {
                line.pass(piece.len()).await;
            }
            Ok(piece)
        }
    }))
}

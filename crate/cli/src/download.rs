//! Downloads one file over HTTP: resumes where it was cut, and keeps the file
//! only if its checksum is right.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use indicatif::ProgressBar;
use ureq::Agent;
use ureq::tls::{RootCerts, TlsConfig};

use crate::bar;
use crate::mnist::{self, Published};

/// Attempts, each of which resumes the last, before the mirror is given up.
const ATTEMPTS: u32 = 4;

/// HTTP status for a range that begins at or after the end of the file.
const RANGE_NOT_SATISFIABLE: u16 = 416;

/// Downloads `<mirror>/<file name>` to `to`. Errors: no connection, no such
/// file, or not the published content. The received bytes stay in a `.part`
/// file for a later attempt only if they can be the beginning of the right
/// file.
pub fn checked(mirror: &str, to: &Path, published: &Published) -> Result<()> {
    let name = to.file_name().context("a download needs a file name")?.to_string_lossy();
    let url = format!("{}/{name}", mirror.trim_end_matches('/'));
    let part = to.with_file_name(format!("{name}.part"));
    let resumed = fs::metadata(&part).is_ok_and(|meta| meta.len() > 0);
    let checked = complete(&url, &part, &name, published);
    // The `.part` file can come from another mirror, which packs the file
    // differently: try again from the start.
    if let (Err(Failure::Content(_)), true) = (&checked, resumed) {
        let again = complete(&url, &part, &name, published);
        return settle(again, &part, to);
    }
    settle(checked, &part, to)
}

enum Failure {
    /// Of the connection: the received bytes stay.
    Connection(anyhow::Error),
    /// Of the content: the received bytes are deleted.
    Content(anyhow::Error),
}

fn settle(checked: Result<(), Failure>, part: &Path, to: &Path) -> Result<()> {
    match checked {
        Ok(()) => fs::rename(part, to).with_context(|| format!("cannot write {}", to.display())),
        Err(Failure::Connection(error) | Failure::Content(error)) => Err(error),
    }
}

fn complete(url: &str, part: &Path, name: &str, published: &Published) -> Result<(), Failure> {
    let agent = agent();
    let bar = bar::bytes(name, 0);
    let mut last = None;
    for _ in 0..ATTEMPTS {
        let before = fs::metadata(part).map_or(0, |meta| meta.len());
        last = stream(&agent, url, part, &bar, published.size).err();
        let after = fs::metadata(part).map_or(0, |meta| meta.len());
        // Resuming helps only if bytes arrived before the cut.
        if last.is_none() || after <= before {
            break;
        }
    }
    bar.finish_and_clear();
    if let Some(error) = last {
        return Err(Failure::Connection(error.context(format!("cannot download {url}"))));
    }
    mnist::check(part, published).map_err(|error| {
        let _ = fs::remove_file(part);
        Failure::Content(error.context(format!("{url} sends wrong data")))
    })
}

fn agent() -> Agent {
    // Short timeouts detect a missing network; a long one allows a slow
    // download.
    Agent::config_builder()
        .timeout_resolve(Some(Duration::from_secs(5)))
        .timeout_connect(Some(Duration::from_secs(5)))
        .timeout_recv_response(Some(Duration::from_secs(15)))
        .timeout_recv_body(Some(Duration::from_secs(600)))
        .http_status_as_error(false)
        .tls_config(TlsConfig::builder().root_certs(roots()).build())
        .build()
        .into()
}

/// Root certificates: those of this system, as in its browser, so that a
/// company's proxy with its own certificate is trusted. A system without any,
/// such as a small container, gets Mozilla's list.
fn roots() -> RootCerts {
    match rustls_native_certs::load_native_certs().certs.is_empty() {
        true => RootCerts::WebPki,
        false => RootCerts::PlatformVerifier,
    }
}

fn stream(agent: &Agent, url: &str, part: &Path, bar: &ProgressBar, limit: u64) -> Result<()> {
    let have = fs::metadata(part).map_or(0, |meta| meta.len());
    let mut request = agent.get(url);
    if have > 0 {
        request = request.header("range", format!("bytes={have}-"));
    }
    let mut response = request.call()?;
    let (status, whole) = (response.status().as_u16(), response.body().content_length());
    let mut file = match status {
        200 => File::create(part),
        206 => OpenOptions::new().append(true).open(part),
        // The file is already complete, or another one; the checksum decides.
        RANGE_NOT_SATISFIABLE if have > 0 => return Ok(()),
        _ => bail!("the server answers {status}"),
    }
    .with_context(|| format!("cannot write {}", part.display()))?;
    let start = if status == 206 { have } else { 0 };
    if let Some(rest) = whole {
        bar.set_length(start + rest);
    }
    bar.set_position(start);
    let mut body = response.body_mut().as_reader().take(limit.saturating_sub(start) + 1);
    let mut buffer = vec![0; 64 * 1024];
    let mut received = 0;
    loop {
        let count = body.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        file.write_all(&buffer[..count])
            .with_context(|| format!("cannot write {}", part.display()))?;
        received += count as u64;
        bar.inc(count as u64);
    }
    if whole.is_some_and(|whole| received < whole) {
        bail!("the connection was cut after {} bytes", start + received);
    }
    Ok(())
}

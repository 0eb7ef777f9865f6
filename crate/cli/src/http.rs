//! A static file server that behaves like GitHub Pages: the same media types,
//! compression and caching, and nothing more. It answers only to known host
//! names, by default local ones.

pub mod files;
pub mod hosts;
pub mod trouble;

use std::io::ErrorKind;
use std::net::{SocketAddr, TcpListener};

use anyhow::{Context, Result, anyhow};
use axum::Router;
use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use axum::serve::ListenerExt;

/// A bound port.
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
}

impl Server {
    /// Binds a port of an address or a name of this machine. Errors: the port
    /// is busy or needs more rights, or the address is not of this machine.
    pub fn bind(host: &str, port: u16) -> Result<Self> {
        let plain = host.trim_start_matches('[').trim_end_matches(']');
        let listener = TcpListener::bind((plain, port)).map_err(|error| match error.kind() {
            ErrorKind::AddrInUse => {
                anyhow!(
                    "port {port} is busy: try --port {}",
                    if port < u16::MAX { port + 1 } else { 8080 }
                )
            }
            ErrorKind::PermissionDenied => {
                anyhow!("port {port} needs more rights: try --port 8080")
            }
            ErrorKind::AddrNotAvailable => anyhow!("{host} is not an address of this machine"),
            _ => anyhow::Error::new(error).context(format!("cannot listen on {host}, port {port}")),
        })?;
        let address = listener.local_addr().context("cannot read the address of the port")?;
        listener.set_nonblocking(true).context("cannot make the port non-blocking")?;
        Ok(Self { listener, address })
    }

    /// The address it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers requests until the process ends. A connection needs no thread:
    /// one that is kept alive does not block others.
    pub fn run(self, app: Router) -> Result<()> {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
        runtime.context("cannot start the server")?.block_on(async {
            let listener = tokio::net::TcpListener::from_std(self.listener)?.tap_io(|stream| {
                // If this fails, responses are only a little later.
                let _ = stream.set_nodelay(true);
            });
            axum::serve(listener, app).await
        })?;
        Ok(())
    }
}

/// A response of plain text.
fn plain(status: StatusCode, text: &str) -> Response {
    let mut response = Response::new(Body::from(format!("{text}\n")));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    response
}

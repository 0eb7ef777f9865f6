//! Host names that a server answers to: a page of another site whose name was
//! made to point here (DNS rebinding) is refused.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::Response;

use super::plain;

/// The names that are always allowed, as a browser writes them.
const LOCAL: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// The allowed names of one server.
pub struct Hosts {
    /// The host that it listens on, allowed in addition to the local names.
    own: Option<String>,
    /// Whether it listens on every address of the machine.
    every: bool,
}

impl Hosts {
    /// The names of a server that listens on `host`; without one, only the
    /// local names.
    pub fn of(host: Option<&str>) -> Self {
        let own = host.map(|host| bracketed(host).to_ascii_lowercase());
        let every =
            own.as_deref().and_then(address).is_some_and(|address| address.is_unspecified());
        Self { own, every }
    }

    /// Whether a request that names `authority` (`localhost:8080`) is meant for
    /// this server.
    fn allow(&self, authority: &str) -> bool {
        let Ok(authority) = authority.parse::<Authority>() else { return false };
        let host = authority.host().to_ascii_lowercase();
        let plain = !authority.as_str().contains('@');
        // A server on all addresses allows any address: unlike a name, an
        // address cannot be made to point elsewhere by a name server.
        let known = LOCAL.contains(&host.as_str())
            || self.own.as_ref() == Some(&host)
            || (self.every && address(&host).is_some());
        plain && known
    }
}

/// An IPv6 address as written in a URL.
fn bracketed(host: &str) -> String {
    if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() }
}

fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Answers only requests to the names in `hosts`; others get 403.
pub async fn guard(State(hosts): State<Arc<Hosts>>, request: Request, next: Next) -> Response {
    let named = request.headers().get_all(HOST).iter().map(|value| value.to_str().unwrap_or(""));
    let mut named: Vec<&str> = named.collect();
    named.extend(request.uri().authority().map(Authority::as_str));
    if !named.is_empty() && named.iter().all(|name| hosts.allow(name)) {
        return next.run(request).await;
    }
    let also = hosts.own.as_ref().map(|own| format!(", {own}")).unwrap_or_default();
    plain(
        StatusCode::FORBIDDEN,
        &format!("This server answers only to {}{also}.", LOCAL.join(", ")),
    )
}

/// The IPv4 addresses of this machine that other devices in its networks can
/// use.
pub fn reachable() -> Vec<Ipv4Addr> {
    let found = if_addrs::get_if_addrs().unwrap_or_default();
    let outside = found.iter().filter(|one| !one.is_loopback() && !one.is_link_local());
    outside
        .filter_map(|one| match one.ip() {
            IpAddr::V4(address) => Some(address),
            IpAddr::V6(_) => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(hosts: &Hosts, names: &[&str], allowed: bool) {
        for name in names {
            assert_eq!(hosts.allow(name), allowed, "{name}");
        }
    }

    #[test]
    fn without_a_host_only_local_names_are_allowed() {
        let hosts = Hosts::of(None);
        all(
            &hosts,
            &["127.0.0.1", "127.0.0.1:8080", "localhost", "LocalHost:1", "[::1]", "[::1]:80"],
            true,
        );
        let others = [
            "",
            "evil.example",
            "evil.example:8080",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
        ];
        all(&hosts, &others, false);
        all(
            &hosts,
            &[
                "192.168.1.7",
                "0.0.0.0:8080",
                "a@localhost",
                "evil.example@127.0.0.1",
                "[::2]",
                "::1",
            ],
            false,
        );
    }

    #[test]
    fn the_given_host_is_allowed_and_all_addresses_for_an_unspecified_one() {
        let one = Hosts::of(Some("192.168.1.7"));
        all(&one, &["192.168.1.7:8080", "localhost:8080"], true);
        all(&one, &["192.168.1.8:8080", "evil.example"], false);
        for every in ["0.0.0.0", "::", "[::]"] {
            let every = Hosts::of(Some(every));
            all(&every, &["192.168.1.7:8080", "10.0.0.1", "[fd00::1]:80", "127.0.0.1"], true);
            all(&every, &["evil.example", "192.168.1.7.evil.example", "1.2.3"], false);
        }
        all(&Hosts::of(Some("Box.Local")), &["box.local:80"], true);
        all(&Hosts::of(Some("fd00::1")), &["[fd00::1]:80"], true);
    }
}

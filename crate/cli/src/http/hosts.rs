//! By which names a server may be called: a page of another site whose name was
//! made to lead here (DNS rebinding) gets no answer.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::HOST;
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::Response;

use super::plain;

/// The names that are always right, as a browser writes them.
const LOCAL: [&str; 3] = ["127.0.0.1", "localhost", "[::1]"];

/// The names of one server.
pub struct Hosts {
    /// What it was told to listen on, beside the local names.
    own: Option<String>,
    /// Whether it listens on every address of the machine.
    every: bool,
}

impl Hosts {
    /// Those of a server that listens on `host`; without one, the local names
    /// alone.
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
        // Where all addresses are served, any will do: no name server can make
        // one lead elsewhere, as it can a name.
        let known = LOCAL.contains(&host.as_str())
            || self.own.as_ref() == Some(&host)
            || (self.every && address(&host).is_some());
        plain && known
    }
}

/// An address of version 6 as it stands in a URL.
fn bracketed(host: &str) -> String {
    if host.contains(':') && !host.starts_with('[') { format!("[{host}]") } else { host.to_owned() }
}

fn address(host: &str) -> Option<IpAddr> {
    host.trim_start_matches('[').trim_end_matches(']').parse().ok()
}

/// Answers requests by the names in `hosts` alone.
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
        &format!("This server answers to {}{also} only, not to other names.", LOCAL.join(", ")),
    )
}

/// The addresses of this machine that others in its networks can type.
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

    fn all(hosts: &Hosts, names: &[&str], right: bool) {
        for name in names {
            assert_eq!(hosts.allow(name), right, "{name}");
        }
    }

    #[test]
    fn without_a_choice_only_local_names_are_right() {
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
    fn a_chosen_address_is_right_too_and_every_address_where_all_are_served() {
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

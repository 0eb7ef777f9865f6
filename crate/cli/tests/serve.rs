//! `serve` as a browser sees it: raw requests on raw connections, without an
//! HTTP client.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A running `serve` on a free port; stopped on drop.
struct Serve {
    child: Child,
    stdout: BufReader<ChildStdout>,
    port: u16,
}

impl Serve {
    fn start(folder: &Path, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ganvas-cli"));
        command.args(["serve", "--port", "0", "--dir", folder.to_str().unwrap()]).args(more);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut address = String::new();
        stdout.read_line(&mut address).unwrap();
        let port = address.rsplit(':').next().and_then(|rest| rest.split('/').next()?.parse().ok());
        Self { child, stdout, port: port.unwrap_or_else(|| panic!("no address: {address}")) }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// Sends one request on a new connection; returns the head of the response
    /// in lower case, and the body.
    fn get(&self, path: &str, headers: &str) -> (String, Vec<u8>) {
        self.raw(&format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}\r\n"
        ))
    }

    fn raw(&self, request: &str) -> (String, Vec<u8>) {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut response = Vec::new();
        // A cut response ends in an error.
        let _ = stream.read_to_end(&mut response);
        let end = response.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        (
            String::from_utf8(response[..end].to_vec()).unwrap().to_lowercase(),
            response[end + 4..].to_vec(),
        )
    }

    /// The status of a request with this `Host` header.
    fn status(&self, host: &str) -> String {
        let (head, _) = self.raw(&format!("GET / HTTP/1.1\r\n{host}Connection: close\r\n\r\n"));
        head.split(' ').nth(1).unwrap().to_owned()
    }
}

impl Drop for Serve {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut plain).unwrap();
    plain
}

/// A folder with a `site/` in it and a secret next to that.
fn site() -> (TempDir, std::path::PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("secret"), "secret").unwrap();
    let site = folder.path().join("site");
    fs::create_dir_all(site.join("sub folder")).unwrap();
    for (name, body) in [
        ("index.html", "<p>hello"),
        ("a.wasm", "wasm"),
        ("a.js", "js"),
        ("a.gz", "0123456789"),
        ("sub folder/b.json", "{}"),
        ("data.bin", "0123456789"),
    ] {
        fs::write(site.join(name), body).unwrap();
    }
    (folder, site)
}

fn value<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

#[test]
fn the_server_behaves_like_github_pages() {
    let (_folder, site) = site();
    let serve = Serve::start(&site, &["--under", "sub"]);
    let (head, body) = serve.get("/sub/", "");
    assert!(head.starts_with("http/1.1 200") && body == b"<p>hello", "{head}");
    assert!(head.contains("text/html") && head.contains("max-age=600"), "{head}");
    assert_eq!(value(&head, "vary"), Some("accept-encoding"));
    assert_eq!(value(&head, "content-length"), Some("8"));
    assert!(
        !head.contains("allow-origin"),
        "another site's page could read what is served: {head}"
    );
    assert!(!head.contains("cross-origin") && !head.contains("content-encoding"), "{head}");
    assert!(serve.get("/sub/a.wasm", "").0.contains("content-type: application/wasm"));
    assert!(
        serve
            .get("/sub/a.js?x=1", "")
            .0
            .contains("content-type: application/javascript; charset=utf-8")
    );
    assert_eq!(serve.get("/sub/sub%20folder/b.json", "").1, b"{}");
    assert!(serve.get("/sub", "").0.contains("location: /sub/"));
    assert!(serve.get("/sub?lang=en", "").0.contains("location: /sub/?lang=en"));
    assert!(serve.get("/sub/sub%20folder", "").0.contains("location: /sub/sub%20folder/"));
    let outside = "/ /sub/../secret /sub/%2e%2e/secret /sub/..%2fsecret /sub//etc/passwd /sub/none /sub/a.js/ /sub/sub%20folder/ /sub/a.js.gz /sub/%00 /sub/a%ff";
    for outside in outside.split(' ') {
        assert!(serve.get(outside, "").0.starts_with("http/1.1 404"), "{outside}");
    }
    let (head, _) = serve.raw(
        "POST /sub/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    );
    assert!(
        head.starts_with("http/1.1 405") && value(&head, "allow") == Some("get, head"),
        "{head}"
    );
}

#[test]
fn text_is_compressed_if_the_client_accepts_it_and_data_is_not() {
    let (_folder, site) = site();
    let text = "let a = 1;\n".repeat(1000);
    fs::write(site.join("long.js"), &text).unwrap();
    let serve = Serve::start(&site, &[]);
    let (head, body) = serve.get("/long.js", "Accept-Encoding: br, gzip\r\n");
    assert_eq!(value(&head, "content-encoding"), Some("gzip"));
    assert_eq!(value(&head, "content-length"), Some(body.len().to_string().as_str()));
    assert_eq!(unpacked(&body), text.as_bytes());
    for refused in ["", "Accept-Encoding: identity\r\n", "Accept-Encoding: gzip;q=0\r\n"] {
        let (head, body) = serve.get("/long.js", refused);
        assert!(
            value(&head, "content-encoding").is_none() && body == text.as_bytes(),
            "{refused}: {head}"
        );
    }
    let packed = serve.get("/a.gz", "Accept-Encoding: gzip\r\n");
    assert!(!packed.0.contains("content-encoding") && packed.1 == b"0123456789", "{}", packed.0);

    let (headers, _) = serve.raw(
        "HEAD /long.js HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n",
    );
    assert_eq!(value(&headers, "content-length"), value(&head, "content-length"));
    assert_eq!(value(&headers, "etag"), value(&head, "etag"));

    // A changed file is compressed again.
    fs::write(site.join("long.js"), "new").unwrap();
    assert_eq!(unpacked(&serve.get("/long.js", "Accept-Encoding: gzip\r\n").1), b"new");
}

#[test]
fn cached_files_are_not_sent_again_and_ranges_are_served() {
    let (_folder, site) = site();
    let serve = Serve::start(&site, &[]);
    for accepted in ["", "Accept-Encoding: gzip\r\n"] {
        let (head, _) = serve.get("/a.js", accepted);
        // From the head in lower case.
        let tag = value(&head, "etag").unwrap();
        let (head, body) = serve.get("/a.js", &format!("{accepted}If-None-Match: {tag}\r\n"));
        assert!(head.starts_with("http/1.1 304") && body.is_empty(), "{head}");
        assert!(head.contains("max-age=600"), "{head}");
        assert!(
            serve
                .get("/a.js", &format!("{accepted}If-None-Match: \"other\"\r\n"))
                .0
                .contains(" 200 ")
        );
    }
    let (head, body) = serve.get("/data.bin", "Range: bytes=3-5\r\n");
    assert!(head.starts_with("http/1.1 206") && body == b"345", "{head}");
    assert_eq!(value(&head, "content-range"), Some("bytes 3-5/10"));
    assert_eq!(serve.get("/data.bin", "Range: bytes=-2\r\n").1, b"89");
    assert_eq!(serve.get("/a.gz", "Range: bytes=7-\r\nAccept-Encoding: gzip\r\n").1, b"789");
    assert!(serve.get("/data.bin", "Range: bytes=10-\r\n").0.starts_with("http/1.1 416"));
    let (head, body) = serve.get("/data.bin", "Range: bytes=3-5\r\nIf-Range: \"an older one\"\r\n");
    assert!(head.starts_with("http/1.1 200") && body == b"0123456789", "{head}");
}

#[test]
fn idle_connections_do_not_block_others() {
    let (_folder, site) = site();
    let serve = Serve::start(&site, &[]);
    // Like those of browsers: some are kept alive after a request, some are
    // opened in advance.
    let idle: Vec<TcpStream> = (0..12)
        .map(|number| {
            let mut stream = serve.connect();
            if number % 2 == 0 {
                write!(stream, "GET /a.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").unwrap();
                let mut first = [0; 12];
                stream.read_exact(&mut first).unwrap();
                assert_eq!(&first, b"HTTP/1.1 200");
            }
            stream
        })
        .collect();
    let begun = Instant::now();
    for _ in 0..20 {
        let (head, body) = serve.get("/a.js", "");
        assert!(head.starts_with("http/1.1 200") && body == b"js", "{head}");
    }
    // Also twenty that are open at once.
    let mut more: Vec<TcpStream> = (0..20).map(|_| serve.connect()).collect();
    for stream in &mut more {
        write!(stream, "GET /index.html HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").unwrap();
    }
    for stream in &mut more {
        let mut first = [0; 12];
        stream.read_exact(&mut first).unwrap();
    }
    // Not a test of speed: a queue behind idle connections would never end.
    assert!(begun.elapsed() < Duration::from_secs(60));
    drop(idle);
}

#[test]
fn only_requests_to_local_host_names_are_answered() {
    let (_folder, site) = site();
    let serve = Serve::start(&site, &[]);
    for right in ["127.0.0.1", "localhost:8080", "LOCALHOST", "[::1]:80"] {
        assert_eq!(serve.status(&format!("Host: {right}\r\n")), "200", "{right}");
    }
    for wrong in [
        "evil.example",
        "evil.example:8080",
        "127.0.0.1.evil.example",
        "192.168.1.7",
        "",
        "localhost@evil",
    ] {
        assert_eq!(serve.status(&format!("Host: {wrong}\r\n")), "403", "{wrong}");
    }
    assert_eq!(serve.status(""), "403", "no Host header");
    assert_eq!(serve.status("Host: localhost\r\nHost: evil.example\r\n"), "403");
    let (head, body) =
        serve.raw("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    let printed = String::from_utf8(body).unwrap();
    assert!(
        printed.contains("127.0.0.1, localhost, [::1]") && !printed.contains("hello"),
        "{head} {printed}"
    );
    let absolute =
        "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert!(serve.raw(absolute).0.starts_with("http/1.1 403"));
}

#[test]
fn host_0_0_0_0_serves_a_phone_and_prints_a_warning() {
    let (_folder, site) = site();
    let mut serve = Serve::start(&site, &["--host", "0.0.0.0", "--under", "page"]);
    let (first, second) = (serve.line(), serve.line());
    let printed = format!("{first} {second}");
    assert!(second.starts_with("warning: everyone in that network"), "{printed}");
    for address in first.split_whitespace().filter(|word| word.starts_with("http://")) {
        assert!(address.ends_with(&format!(":{}/page/", serve.port)), "{printed}");
        let host = address.trim_start_matches("http://").split('/').next().unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET /page/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    }
    assert_eq!(serve.status("Host: 127.0.0.1\r\n"), "404", "the page is under a path");
    assert_eq!(serve.status("Host: evil.example\r\n"), "403");

    let elsewhere =
        ["serve", "--port", "0", "--host", "192.0.2.1", "--dir", site.to_str().unwrap()];
    let refused = Command::new(env!("CARGO_BIN_EXE_ganvas-cli")).args(elsewhere).output().unwrap();
    let printed = String::from_utf8(refused.stderr).unwrap();
    assert!(printed.contains("192.0.2.1 is not an address of this machine"), "{printed}");
}

#[test]
fn hidden_files_and_files_outside_are_not_served() {
    let (_folder, site) = site();
    fs::create_dir_all(site.join(".git")).unwrap();
    for hidden in [".env", ".git/config", "sub folder/.netrc"] {
        fs::write(site.join(hidden), "secret").unwrap();
    }
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("../secret", site.join("out")).unwrap();
        std::os::unix::fs::symlink(".git/config", site.join("config")).unwrap();
        std::os::unix::fs::symlink("a.js", site.join("fine.js")).unwrap();
    }
    let serve = Serve::start(&site, &[]);
    for hidden in [
        "/.env",
        "/%2eenv",
        "/.git/config",
        "/.git/",
        "/.git",
        "/sub%20folder/.netrc",
        "/sub%20folder/../.env",
        "/./.env",
        "/out",
        "/config",
    ] {
        let (head, body) = serve.get(hidden, "");
        assert!(
            head.starts_with("http/1.1 404") && !body.starts_with(b"secret"),
            "{hidden}: {head}"
        );
    }
    if cfg!(unix) {
        assert_eq!(serve.get("/fine.js", "").1, b"js");
    }
    // A hidden folder can be served if the user chooses it.
    let own = Serve::start(&site.join(".git"), &[]);
    assert_eq!(own.get("/config", "").1, b"secret");
}

#[test]
fn test_options_cut_a_response_slow_the_line_and_log_requests() {
    let (_folder, site) = site();
    fs::write(site.join("big.bin"), vec![7; 300_000]).unwrap();
    let mut serve = Serve::start(&site, &["--log", "--cut", "big.bin:100000", "--slow", "400000"]);
    let begun = Instant::now();
    let (head, body) = serve.get("/big.bin", "");
    assert_eq!((value(&head, "content-length"), body.len()), (Some("300000"), 100_000), "{head}");
    assert_eq!(serve.get("/big.bin", "").1.len(), 300_000, "only the first response is cut");
    assert!(begun.elapsed() >= Duration::from_millis(950), "400 kB at 400 kB/s");
    serve.get("/sub%20folder/b.json", "");
    let lines = [serve.line(), serve.line(), serve.line()];
    assert_eq!(lines, ["cut /big.bin", "asked /big.bin", "asked /sub folder/b.json"]);
}

#[test]
fn a_tied_server_ends_when_its_stdin_closes() {
    let (_folder, site) = site();
    let mut serve = Serve::start(&site, &["--tied"]);
    assert_eq!(serve.get("/a.js", "").1, b"js");
    drop(serve.child.stdin.take());
    assert!(serve.child.wait().unwrap().success());
    assert!(TcpStream::connect(("127.0.0.1", serve.port)).is_err());
}

//! `serve` as a browser meets it: raw requests on raw connections, without a
//! client's cleverness.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A running `serve` on a free port; ends with its test.
struct Serve {
    child: Child,
    said: BufReader<ChildStdout>,
    port: u16,
}

impl Serve {
    fn start(folder: &Path, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ganvas-cli"));
        command.args(["serve", "--port", "0", "--dir", folder.to_str().unwrap()]).args(more);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(child.stdout.take().unwrap());
        let mut address = String::new();
        said.read_line(&mut address).unwrap();
        let port = address.rsplit(':').next().and_then(|rest| rest.split('/').next()?.parse().ok());
        Self { child, said, port: port.unwrap_or_else(|| panic!("no address: {address}")) }
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.said.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream
    }

    /// One request on a connection of its own: the head in lower case, and the
    /// body.
    fn ask(&self, path: &str, headers: &str) -> (String, Vec<u8>) {
        self.raw(&format!(
            "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n{headers}\r\n"
        ))
    }

    fn raw(&self, request: &str) -> (String, Vec<u8>) {
        let mut stream = self.connect();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        // A cut answer ends in an error.
        let _ = stream.read_to_end(&mut answer);
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        (
            String::from_utf8(answer[..end].to_vec()).unwrap().to_lowercase(),
            answer[end + 4..].to_vec(),
        )
    }

    /// The status of a request by another name.
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

/// A folder with a `site/` in it and a secret beside.
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
fn the_server_answers_as_pages_does() {
    let (_folder, site) = site();
    let serve = Serve::start(&site, &["--under", "sub"]);
    let (head, body) = serve.ask("/sub/", "");
    assert!(head.starts_with("http/1.1 200") && body == b"<p>hello", "{head}");
    assert!(head.contains("text/html") && head.contains("max-age=600"), "{head}");
    assert_eq!(value(&head, "vary"), Some("accept-encoding"));
    assert_eq!(value(&head, "content-length"), Some("8"));
    assert!(
        !head.contains("allow-origin"),
        "another site's page could read what is served: {head}"
    );
    assert!(!head.contains("cross-origin") && !head.contains("content-encoding"), "{head}");
    assert!(serve.ask("/sub/a.wasm", "").0.contains("content-type: application/wasm"));
    assert!(
        serve
            .ask("/sub/a.js?x=1", "")
            .0
            .contains("content-type: application/javascript; charset=utf-8")
    );
    assert_eq!(serve.ask("/sub/sub%20folder/b.json", "").1, b"{}");
    assert!(serve.ask("/sub", "").0.contains("location: /sub/"));
    assert!(serve.ask("/sub?lang=en", "").0.contains("location: /sub/?lang=en"));
    assert!(serve.ask("/sub/sub%20folder", "").0.contains("location: /sub/sub%20folder/"));
    let outside = "/ /sub/../secret /sub/%2e%2e/secret /sub/..%2fsecret /sub//etc/passwd /sub/none /sub/a.js/ /sub/sub%20folder/ /sub/a.js.gz /sub/%00 /sub/a%ff";
    for outside in outside.split(' ') {
        assert!(serve.ask(outside, "").0.starts_with("http/1.1 404"), "{outside}");
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
fn text_is_compressed_for_who_takes_it_and_data_is_not() {
    let (_folder, site) = site();
    let text = "let a = 1;\n".repeat(1000);
    fs::write(site.join("long.js"), &text).unwrap();
    let serve = Serve::start(&site, &[]);
    let (head, body) = serve.ask("/long.js", "Accept-Encoding: br, gzip\r\n");
    assert_eq!(value(&head, "content-encoding"), Some("gzip"));
    assert_eq!(value(&head, "content-length"), Some(body.len().to_string().as_str()));
    assert_eq!(unpacked(&body), text.as_bytes());
    for refused in ["", "Accept-Encoding: identity\r\n", "Accept-Encoding: gzip;q=0\r\n"] {
        let (head, body) = serve.ask("/long.js", refused);
        assert!(
            value(&head, "content-encoding").is_none() && body == text.as_bytes(),
            "{refused}: {head}"
        );
    }
    let packed = serve.ask("/a.gz", "Accept-Encoding: gzip\r\n");
    assert!(!packed.0.contains("content-encoding") && packed.1 == b"0123456789", "{}", packed.0);

    let (asked, _) = serve.raw(
        "HEAD /long.js HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n",
    );
    assert_eq!(value(&asked, "content-length"), value(&head, "content-length"));
    assert_eq!(value(&asked, "etag"), value(&head, "etag"));

    // What changes is compressed anew.
    fs::write(site.join("long.js"), "new").unwrap();
    assert_eq!(unpacked(&serve.ask("/long.js", "Accept-Encoding: gzip\r\n").1), b"new");
}

#[test]
fn what_a_visitor_has_is_not_sent_again_and_a_part_can_be_asked_for() {
    let (_folder, site) = site();
    let serve = Serve::start(&site, &[]);
    for accepted in ["", "Accept-Encoding: gzip\r\n"] {
        let (head, _) = serve.ask("/a.js", accepted);
        // In lower case no more, as the server said it.
        let tag = value(&head, "etag").unwrap();
        let (head, body) = serve.ask("/a.js", &format!("{accepted}If-None-Match: {tag}\r\n"));
        assert!(head.starts_with("http/1.1 304") && body.is_empty(), "{head}");
        assert!(head.contains("max-age=600"), "{head}");
        assert!(
            serve
                .ask("/a.js", &format!("{accepted}If-None-Match: \"other\"\r\n"))
                .0
                .contains(" 200 ")
        );
    }
    let (head, body) = serve.ask("/data.bin", "Range: bytes=3-5\r\n");
    assert!(head.starts_with("http/1.1 206") && body == b"345", "{head}");
    assert_eq!(value(&head, "content-range"), Some("bytes 3-5/10"));
    assert_eq!(serve.ask("/data.bin", "Range: bytes=-2\r\n").1, b"89");
    assert_eq!(serve.ask("/a.gz", "Range: bytes=7-\r\nAccept-Encoding: gzip\r\n").1, b"789");
    assert!(serve.ask("/data.bin", "Range: bytes=10-\r\n").0.starts_with("http/1.1 416"));
    let (head, body) = serve.ask("/data.bin", "Range: bytes=3-5\r\nIf-Range: \"an older one\"\r\n");
    assert!(head.starts_with("http/1.1 200") && body == b"0123456789", "{head}");
}

#[test]
fn connections_that_are_kept_open_hold_up_no_other() {
    let (_folder, site) = site();
    let serve = Serve::start(&site, &[]);
    // As browsers do: some have asked and are kept alive, some were opened
    // ahead.
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
        let (head, body) = serve.ask("/a.js", "");
        assert!(head.starts_with("http/1.1 200") && body == b"js", "{head}");
    }
    // Twenty that are open at once, too.
    let mut more: Vec<TcpStream> = (0..20).map(|_| serve.connect()).collect();
    for stream in &mut more {
        write!(stream, "GET /index.html HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").unwrap();
    }
    for stream in &mut more {
        let mut first = [0; 12];
        stream.read_exact(&mut first).unwrap();
    }
    // Not a matter of speed: a queue behind kept connections would never end.
    assert!(begun.elapsed() < Duration::from_secs(60));
    drop(idle);
}

#[test]
fn only_this_machine_s_names_are_answered() {
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
    assert_eq!(serve.status(""), "403", "no name at all");
    assert_eq!(serve.status("Host: localhost\r\nHost: evil.example\r\n"), "403");
    let (head, body) =
        serve.raw("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
    let said = String::from_utf8(body).unwrap();
    assert!(
        said.contains("127.0.0.1, localhost, [::1]") && !said.contains("hello"),
        "{head} {said}"
    );
    let absolute =
        "GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    assert!(serve.raw(absolute).0.starts_with("http/1.1 403"));
}

#[test]
fn a_phone_is_served_when_asked_for_with_a_word_of_warning() {
    let (_folder, site) = site();
    let mut serve = Serve::start(&site, &["--host", "0.0.0.0", "--under", "page"]);
    let (first, second) = (serve.line(), serve.line());
    let said = format!("{first} {second}");
    assert!(second.starts_with("warning: everyone in that network"), "{said}");
    for address in first.split_whitespace().filter(|word| word.starts_with("http://")) {
        assert!(address.ends_with(&format!(":{}/page/", serve.port)), "{said}");
        let host = address.trim_start_matches("http://").split('/').next().unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "GET /page/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    assert_eq!(serve.status("Host: 127.0.0.1\r\n"), "404", "the page is under a path");
    assert_eq!(serve.status("Host: evil.example\r\n"), "403");

    let elsewhere =
        ["serve", "--port", "0", "--host", "192.0.2.1", "--dir", site.to_str().unwrap()];
    let refused = Command::new(env!("CARGO_BIN_EXE_ganvas-cli")).args(elsewhere).output().unwrap();
    let said = String::from_utf8(refused.stderr).unwrap();
    assert!(said.contains("192.0.2.1 is not an address of this machine"), "{said}");
}

#[test]
fn what_is_hidden_or_outside_is_not_served() {
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
        let (head, body) = serve.ask(hidden, "");
        assert!(
            head.starts_with("http/1.1 404") && !body.starts_with(b"secret"),
            "{hidden}: {head}"
        );
    }
    if cfg!(unix) {
        assert_eq!(serve.ask("/fine.js", "").1, b"js");
    }
    // A folder that is itself hidden is the visitor's own choice.
    let own = Serve::start(&site.join(".git"), &[]);
    assert_eq!(own.ask("/config", "").1, b"secret");
}

#[test]
fn tests_can_break_an_answer_slow_the_line_and_read_what_was_asked_for() {
    let (_folder, site) = site();
    fs::write(site.join("big.bin"), vec![7; 300_000]).unwrap();
    let mut serve = Serve::start(&site, &["--log", "--cut", "big.bin:100000", "--slow", "400000"]);
    let begun = Instant::now();
    let (head, body) = serve.ask("/big.bin", "");
    assert_eq!((value(&head, "content-length"), body.len()), (Some("300000"), 100_000), "{head}");
    assert_eq!(serve.ask("/big.bin", "").1.len(), 300_000, "only the first answer breaks");
    assert!(begun.elapsed() >= Duration::from_millis(950), "400 kB at 400 kB/s");
    serve.ask("/sub%20folder/b.json", "");
    let lines = [serve.line(), serve.line(), serve.line()];
    assert_eq!(lines, ["cut /big.bin", "asked /big.bin", "asked /sub folder/b.json"]);
}

#[test]
fn a_server_that_is_tied_ends_with_whoever_started_it() {
    let (_folder, site) = site();
    let mut serve = Serve::start(&site, &["--tied"]);
    assert_eq!(serve.ask("/a.js", "").1, b"js");
    drop(serve.child.stdin.take());
    assert!(serve.child.wait().unwrap().success());
    assert!(TcpStream::connect(("127.0.0.1", serve.port)).is_err());
}

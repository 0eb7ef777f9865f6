//! A mirror on this machine with a given fault.

use std::collections::HashSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// The fault of a mirror.
#[derive(Clone, Copy, PartialEq)]
pub enum Trouble {
    /// No fault.
    None,
    /// No file exists.
    Missing,
    /// The first response for each file is cut after some bytes; with `ranges`,
    /// the rest can be requested alone.
    CutOnce {
        /// Bytes sent before the cut.
        after: usize,
        /// Whether ranges are honoured.
        ranges: bool,
    },
}

/// The mirror.
pub struct Mirror {
    /// Its address.
    pub url: String,
    requests: Arc<Mutex<Vec<Option<String>>>>,
}

enum Content {
    Same(Vec<u8>),
    Folder(PathBuf),
}

impl Mirror {
    /// A mirror that sends the same bytes for every file.
    pub fn open(bytes: Vec<u8>, trouble: Trouble) -> Self {
        Self::start(Content::Same(bytes), trouble)
    }

    /// A mirror that sends the files of a folder.
    pub fn of_folder(folder: &Path, trouble: Trouble) -> Self {
        Self::start(Content::Folder(folder.to_owned()), trouble)
    }

    fn start(content: Content, trouble: Trouble) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        std::thread::spawn(move || {
            let mut cut = HashSet::new();
            for stream in listener.incoming() {
                let _ = answer(stream.unwrap(), &content, trouble, &mut cut, &log);
            }
        });
        Self { url, requests }
    }

    /// The range of each request, in order; None for a request of a complete
    /// file.
    pub fn ranges(&self) -> Vec<Option<String>> {
        self.requests.lock().unwrap().clone()
    }
}

fn answer(
    mut stream: TcpStream,
    content: &Content,
    trouble: Trouble,
    cut: &mut HashSet<String>,
    log: &Mutex<Vec<Option<String>>>,
) -> std::io::Result<()> {
    let head: Vec<String> = BufReader::new(&stream)
        .lines()
        .map_while(Result::ok)
        .take_while(|line| !line.is_empty())
        .collect();
    let path = head[0].split(' ').nth(1).unwrap().to_owned();
    let range = head.iter().find_map(|line| line.strip_prefix("range: ").map(str::to_owned));
    log.lock().unwrap().push(range.clone());
    let body = match content {
        Content::Same(bytes) => bytes.clone(),
        Content::Folder(folder) => {
            fs::read(folder.join(path.trim_start_matches('/'))).unwrap_or_default()
        }
    };
    if trouble == Trouble::Missing {
        return write!(
            stream,
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
    }
    let honoured = matches!(trouble, Trouble::CutOnce { ranges: true, .. });
    let from = range
        .filter(|_| honoured)
        .and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-')?.parse().ok());
    let status = if from.is_some() { "206 Partial Content" } else { "200 OK" };
    let rest = &body[from.unwrap_or(0)..];
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        rest.len()
    )?;
    match trouble {
        Trouble::CutOnce { after, .. } if cut.insert(path) => {
            stream.write_all(&rest[..after.min(rest.len())])
        }
        _ => stream.write_all(rest),
    }
}

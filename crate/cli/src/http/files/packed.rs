//! A folder in which each file that compresses well has a compressed twin: made
//! in memory at the first request, and again after the file changes.

use std::collections::HashMap;
use std::future::{Ready, ready};
use std::io::{self, Cursor, SeekFrom};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::SystemTime;

use axum::body::Bytes;
use tokio::io::{AsyncRead, AsyncSeek, ReadBuf};
use tower_http::services::fs::{Backend, File, Metadata, TokioBackend, TokioFile};

use super::media_type;
use crate::site::data::gzip;

/// Most bytes of a file that is compressed: for a larger one, the memory costs
/// more than the time saved on a local network.
const MOST: u64 = 32 << 20;

/// The backend: `a.js.gz` is `a.js` compressed.
#[derive(Clone, Default)]
pub struct Packed {
    made: Arc<Mutex<HashMap<PathBuf, (Facts, Bytes)>>>,
}

type Later<T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send>>;

impl Packed {
    /// The twin that a path names, with its facts; None if its file is not to
    /// be compressed.
    async fn twin(&self, path: &Path) -> Option<io::Result<(Facts, Bytes)>> {
        let source = path
            .to_str()?
            .strip_suffix(".gz")
            .map(PathBuf::from)
            .filter(|path| media_type(path).1)?;
        let facts = Facts::of(&tokio::fs::metadata(&source).await.ok()?).ok()?;
        if facts.folder || facts.length > MOST {
            return None;
        }
        let kept = self.made.lock().unwrap_or_else(PoisonError::into_inner).get(&source).cloned();
        if let Some((_, bytes)) = kept.filter(|(of, _)| *of == facts) {
            return Some(Ok((facts.with_length(&bytes), bytes)));
        }
        let from = source.clone();
        let packing = tokio::task::spawn_blocking(move || gzip(&std::fs::read(from)?));
        let bytes = match packing.await {
            Ok(Ok(bytes)) => Bytes::from(bytes),
            Ok(Err(error)) => return Some(Err(io::Error::other(error))),
            Err(error) => return Some(Err(io::Error::other(error))),
        };
        let entry = (facts.clone(), bytes.clone());
        self.made.lock().unwrap_or_else(PoisonError::into_inner).insert(source, entry);
        Some(Ok((facts.with_length(&bytes), bytes)))
    }
}

impl Backend for Packed {
    type File = Opened;
    type Metadata = Facts;
    type OpenFuture = Later<Opened>;
    type MetadataFuture = Later<Facts>;

    fn open(&self, path: PathBuf) -> Self::OpenFuture {
        let own = self.clone();
        Box::pin(async move {
            if let Some(twin) = own.twin(&path).await {
                let (facts, bytes) = twin?;
                return Ok(Opened { bytes: Source::Memory(Cursor::new(bytes)), facts });
            }
            let file = TokioBackend.open(path).await?;
            let facts = Facts::of(&file.metadata().await?)?;
            Ok(Opened { bytes: Source::Disk(file), facts })
        })
    }

    fn metadata(&self, path: PathBuf) -> Self::MetadataFuture {
        let own = self.clone();
        Box::pin(async move {
            match own.twin(&path).await {
                Some(twin) => twin.map(|(facts, _)| facts),
                None => Facts::of(&tokio::fs::metadata(path).await?),
            }
        })
    }
}

/// Metadata of a file.
#[derive(Clone, PartialEq, Eq)]
pub struct Facts {
    folder: bool,
    length: u64,
    changed: SystemTime,
}

impl Facts {
    fn of(meta: &std::fs::Metadata) -> io::Result<Self> {
        Ok(Self { folder: meta.is_dir(), length: meta.len(), changed: meta.modified()? })
    }

    fn with_length(&self, bytes: &Bytes) -> Self {
        Self { length: bytes.len() as u64, ..self.clone() }
    }
}

impl Metadata for Facts {
    fn is_dir(&self) -> bool {
        self.folder
    }

    fn modified(&self) -> io::Result<SystemTime> {
        Ok(self.changed)
    }

    fn len(&self) -> u64 {
        self.length
    }
}

/// An open file, or a twin.
pub struct Opened {
    bytes: Source,
    facts: Facts,
}

enum Source {
    Disk(TokioFile),
    Memory(Cursor<Bytes>),
}

impl File for Opened {
    type Metadata = Facts;
    type MetadataFuture<'a> = Ready<io::Result<Facts>>;

    fn metadata(&self) -> Self::MetadataFuture<'_> {
        ready(Ok(self.facts.clone()))
    }
}

impl AsyncRead for Opened {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match &mut self.bytes {
            Source::Disk(file) => Pin::new(file).poll_read(context, buffer),
            Source::Memory(bytes) => Pin::new(bytes).poll_read(context, buffer),
        }
    }
}

impl AsyncSeek for Opened {
    fn start_seek(mut self: Pin<&mut Self>, position: SeekFrom) -> io::Result<()> {
        match &mut self.bytes {
            Source::Disk(file) => Pin::new(file).start_seek(position),
            Source::Memory(bytes) => Pin::new(bytes).start_seek(position),
        }
    }

    fn poll_complete(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<u64>> {
        match &mut self.bytes {
            Source::Disk(file) => Pin::new(file).poll_complete(context),
            Source::Memory(bytes) => Pin::new(bytes).poll_complete(context),
        }
    }
}

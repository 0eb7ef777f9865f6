//! Reads the files of a data set as the page and the command line do.

use ganvas::Error;
use ganvas::data::PIXELS;
use ganvas::data::reader::{HEAD, Next, Read, Reader, Seen, kind};

pub type File = (&'static str, Vec<u8>);

/// Reads files as the page and the command line do: the first bytes, then the
/// requested files.
pub fn read(files: &[File]) -> Result<Read, Error> {
    let seen = files.iter().map(|(path, bytes)| Seen {
        path: (*path).into(),
        kind: kind(path, &bytes[..bytes.len().min(HEAD)]),
        size: bytes.len() as u64,
    });
    let mut reader = Reader::new(seen.collect(), false);
    loop {
        match reader.advance()? {
            Next::Want { file, most } => {
                let bytes = &files[file].1;
                reader.give(file, bytes[..bytes.len().min(most as usize)].to_vec());
            }
            Next::Done(read) => return Ok(read),
        }
    }
}

pub fn refused(files: &[File]) -> &'static str {
    read(files).unwrap_err().code()
}

pub fn said(read: &Read) -> Vec<&'static str> {
    read.said.iter().map(Error::code).collect()
}

pub fn pixels(count: usize) -> Vec<u8> {
    (0..count * PIXELS).map(|i| (i * 7 + i / PIXELS) as u8).collect()
}

pub fn classes(count: usize) -> Vec<u8> {
    (0..count).map(|i| (i % 10) as u8).collect()
}

/// An IDX file of any number type and dimensions.
pub fn array(code: u8, sizes: &[u32], body: &[u8]) -> Vec<u8> {
    let sizes_bytes = sizes.iter().flat_map(|size| size.to_be_bytes());
    [0, 0, code, sizes.len() as u8]
        .into_iter()
        .chain(sizes_bytes)
        .chain(body.iter().copied())
        .collect()
}

pub fn npy(descr: &str, fortran: &str, shape: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("{{'descr': '{descr}', 'fortran_order': {fortran}, 'shape': {shape}, }}");
    let head = format!("{head:<117}\n");
    [&b"\x93NUMPY\x01\0"[..], &(head.len() as u16).to_le_bytes(), head.as_bytes(), body].concat()
}

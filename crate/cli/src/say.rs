//! Prints lines on stdout and stderr. A failed write (closed pipe, full disk,
//! closed terminal) does not end the process, so no work is lost.

use std::fmt::{Arguments, Display};
use std::io::{ErrorKind, Write, stderr, stdout};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether stdout is only for JSON.
static JSON: AtomicBool = AtomicBool::new(false);
/// Whether a line could not be written to stdout; no further one is tried.
static MUTE: AtomicBool = AtomicBool::new(false);
/// Whether the reason was that the reader closed the pipe.
static LEFT: AtomicBool = AtomicBool::new(false);

/// Like std's macro of this name, but ignores failed writes, and under `--json`
/// prints to stderr. It is defined before all modules, so that all use it.
macro_rules! println {
    () => { $crate::say::line(format_args!("")) };
    ($($text:tt)*) => { $crate::say::line(format_args!($($text)*)) };
}

/// The same for stderr.
macro_rules! eprintln {
    ($($text:tt)*) => { $crate::say::aside(format_args!($($text)*)) };
}

/// Sets whether stdout is only for JSON from now on.
pub fn json_only(only: bool) {
    JSON.store(only, Ordering::Relaxed);
}

/// Whether stdout is only for JSON.
pub fn is_json_only() -> bool {
    JSON.load(Ordering::Relaxed)
}

/// Prints a line for people, on stderr if stdout is only for JSON.
pub fn line(text: Arguments) {
    if is_json_only() { aside(text) } else { put(text) }
}

/// Prints a line for people that is not a result, on stderr.
pub fn aside(text: Arguments) {
    let _ = writeln!(stderr(), "{text}");
}

/// Prints a line for programs, on stdout.
pub fn json(value: &impl Display) {
    put(format_args!("{value}"));
}

/// Whether the reader of stdout has closed the pipe.
pub fn reader_left() -> bool {
    LEFT.load(Ordering::Relaxed)
}

fn put(text: Arguments) {
    if MUTE.load(Ordering::Relaxed) {
        return;
    }
    let mut out = stdout().lock();
    if let Err(error) = writeln!(out, "{text}").and_then(|()| out.flush()) {
        MUTE.store(true, Ordering::Relaxed);
        LEFT.store(error.kind() == ErrorKind::BrokenPipe, Ordering::Relaxed);
    }
}

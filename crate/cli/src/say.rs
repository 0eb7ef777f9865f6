//! Lines on stdout and stderr, which may be gone: the reader left, the disk is
//! full, the terminal closed. No work is lost for that.

use std::fmt::{Arguments, Display};
use std::io::{ErrorKind, Write, stderr, stdout};
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether stdout is for JSON alone.
static JSON: AtomicBool = AtomicBool::new(false);
/// Whether a line could not be written; no other is tried.
static MUTE: AtomicBool = AtomicBool::new(false);
/// Whether that was because nobody reads any more.
static LEFT: AtomicBool = AtomicBool::new(false);

/// What std's macro of this name does, but where stdout is gone nothing
/// happens, and under `--json` lines for people go to stderr. It stands before
/// all modules, so that none prints otherwise.
macro_rules! println {
    () => { $crate::say::line(format_args!("")) };
    ($($text:tt)*) => { $crate::say::line(format_args!($($text)*)) };
}

/// The same of stderr.
macro_rules! eprintln {
    ($($text:tt)*) => { $crate::say::aside(format_args!($($text)*)) };
}

/// From here on stdout holds JSON alone, if `only` says so.
pub fn json_only(only: bool) {
    JSON.store(only, Ordering::Relaxed);
}

/// Whether stdout holds JSON alone.
pub fn is_json_only() -> bool {
    JSON.load(Ordering::Relaxed)
}

/// A line for people.
pub fn line(text: Arguments) {
    if is_json_only() { aside(text) } else { put(text) }
}

/// A line for people that is no result.
pub fn aside(text: Arguments) {
    let _ = writeln!(stderr(), "{text}");
}

/// A line for programs.
pub fn json(value: &impl Display) {
    put(format_args!("{value}"));
}

/// Whether who read stdout has left.
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

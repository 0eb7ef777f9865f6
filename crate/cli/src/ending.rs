//! Who wants training to end: Ctrl-C, a stop of the container or the service, a
//! terminal that closes.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// A flag that is raised when training is to end. A second Ctrl-C ends at once.
pub fn heard() -> Result<Arc<AtomicBool>> {
    let end = Arc::new(AtomicBool::new(false));
    let deaf = "signals such as Ctrl-C cannot be heard";
    flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&end)).context(deaf)?;
    for signal in [SIGINT, SIGTERM].into_iter().chain(hang_up()) {
        flag::register(signal, Arc::clone(&end)).context(deaf)?;
    }
    Ok(end)
}

/// The signal of a terminal that closes, unless we were started to outlive it,
/// as by `nohup`.
#[cfg(unix)]
fn hang_up() -> Option<i32> {
    let signal = signal_hook::consts::SIGHUP;
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0);
    (ignored >> (signal - 1) & 1 == 0).then_some(signal)
}

#[cfg(not(unix))]
fn hang_up() -> Option<i32> {
    None
}

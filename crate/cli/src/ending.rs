//! Signals that end training: Ctrl-C, a stop of the container or the service, a
//! closed terminal.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// A flag that is set when training should end. A second Ctrl-C ends the
/// process at once. Error: a signal handler cannot be installed.
pub fn heard() -> Result<Arc<AtomicBool>> {
    let end = Arc::new(AtomicBool::new(false));
    let failed = "cannot handle signals such as Ctrl-C";
    flag::register_conditional_shutdown(SIGINT, 130, Arc::clone(&end)).context(failed)?;
    for signal in [SIGINT, SIGTERM].into_iter().chain(hang_up()) {
        flag::register(signal, Arc::clone(&end)).context(failed)?;
    }
    Ok(end)
}

/// The signal of a closed terminal, unless this process was started to ignore
/// it, as by `nohup`.
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

//! Progress bars. indicatif hides them if stderr is not a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// A bar that counts bytes; `total` 0 means unknown.
pub fn bytes(name: &str, total: u64) -> ProgressBar {
    let bar = if total == 0 { ProgressBar::no_length() } else { ProgressBar::new(total) };
    bar.set_style(style("{msg:28} {bar:30} {bytes}/{total_bytes} {binary_bytes_per_sec} {eta}"));
    bar.set_message(name.to_owned());
    bar
}

/// A bar for training: steps out of `total`, or without a total a spinner with
/// a step counter.
pub fn steps(total: Option<u64>) -> ProgressBar {
    let bar = match total {
        Some(total) => ProgressBar::new(total),
        None => ProgressBar::new_spinner(),
    };
    bar.set_style(match total {
        Some(_) => style("{bar:30} {pos}/{len} {per_sec} {eta}  {msg}"),
        None => style("{spinner} step {pos} {per_sec} {elapsed}  {msg}"),
    });
    bar
}

/// A spinner for work of unknown length.
pub fn spinner(what: &str) -> ProgressBar {
    let bar = ProgressBar::new_spinner();
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(120));
    bar
}

//! Runs other programs; the error is one clear sentence if one is missing or
//! fails.

use std::io::ErrorKind;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context, Result, bail};

use crate::say;

/// The command as a person would type it.
pub fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}

fn describe(command: &Command, status: ExitStatus) -> String {
    match status.code() {
        Some(code) => format!("`{}` ended with exit code {code}", line(command)),
        None => format!("`{}` was stopped by a signal", line(command)),
    }
}

fn missing(command: &Command, error: std::io::Error) -> anyhow::Error {
    let program = command.get_program().to_string_lossy();
    match error.kind() {
        ErrorKind::NotFound => anyhow::anyhow!("{program} is not installed"),
        _ => anyhow::Error::new(error).context(format!("cannot start {program}")),
    }
}

/// Runs a command with this process's output and input. Errors: the program is
/// missing, or its exit code is not 0.
pub fn run(command: &mut Command) -> Result<()> {
    if say::is_json_only() {
        command.stdout(std::io::stderr());
    }
    let status = command.status().map_err(|error| missing(command, error))?;
    if !status.success() {
        bail!(describe(command, status));
    }
    Ok(())
}

/// What a command prints on stdout. Errors: the program is missing, fails, or
/// does not print UTF-8.
pub fn output(command: &mut Command) -> Result<String> {
    let output =
        command.stderr(Stdio::inherit()).output().map_err(|error| missing(command, error))?;
    if !output.status.success() {
        bail!(describe(command, output.status));
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` did not print UTF-8", line(command)))
}

/// Whether a command can be started and its exit code is 0; prints nothing.
pub fn works(command: &mut Command) -> bool {
    let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

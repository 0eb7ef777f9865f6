//! Learnt weights are never lost: however training ends, whatever happens to
//! its output, and wherever the file is written.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// More steps than any test waits for.
const ENDLESS: &str = "4000000000";

fn ganvas(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ganvas-cli"));
    command.args(args).env_remove("MNIST_DIR").stdin(Stdio::null());
    command
}

/// The command `train` for a small run that ends after `steps`.
fn training(out: &Path, steps: &str, more: &[&str]) -> Command {
    let mut command = ganvas(&[
        "train",
        "--recipe",
        "gan",
        "--set",
        "batch=4",
        "--set",
        "g_hidden=8",
        "--set",
        "d_hidden=8",
    ]);
    command.args(["--steps", steps, "--out", out.to_str().unwrap()]).args(more);
    command
}

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// The names of all files there, sorted.
    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = fs::read_dir(self.0.path())
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

/// The step of a checkpoint file, which must load.
fn step_of(file: &Path) -> u64 {
    let digits = file.with_extension("idx");
    let made = [
        "sample",
        "--from",
        file.to_str().unwrap(),
        "--count",
        "1",
        "--out",
        digits.to_str().unwrap(),
    ];
    let Output { status, stderr, .. } = ganvas(&made).output().unwrap();
    assert!(status.success(), "{}", String::from_utf8_lossy(&stderr));
    let bytes = fs::read(file).unwrap();
    let header = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let header: Value = serde_json::from_slice(&bytes[8..header]).unwrap();
    let numbers = header["__metadata__"]["numbers"].as_str().unwrap();
    serde_json::from_str::<Value>(numbers).unwrap()["step"].as_u64().unwrap()
}

/// Waits for the process to end; panics after 120 s.
fn end(mut child: Child) -> ExitStatus {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(120) {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    panic!("training did not end");
}

#[test]
fn a_closed_pipe_ends_training_and_the_checkpoint_is_written() {
    let place = Place::new();
    let out = place.at("run.safetensors");
    let mut child = training(&out, ENDLESS, &["--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    let mut first = String::new();
    lines.read_line(&mut first).unwrap();
    let first: Value = serde_json::from_str(&first).unwrap();
    drop(lines);
    let mut stderr = child.stderr.take().unwrap();
    assert!(end(child).success());
    let mut printed = String::new();
    stderr.read_to_string(&mut printed).unwrap();
    assert!(!printed.contains("panic"), "{printed}");
    assert!(step_of(&out) >= first["step"].as_u64().unwrap());
}

#[test]
fn training_survives_output_that_cannot_be_written() {
    for (stdout, stderr) in
        [("full", "null"), ("null", "full"), ("full", "full"), ("closed", "closed")]
    {
        for more in [&[][..], &["--json"], &["--watch", "--json"], &["--watch"]] {
            let place = Place::new();
            let out = place.at("run.safetensors");
            let stream = |target: &str| match target {
                // A pipe that its reader has closed.
                "closed" => Stdio::from(std::io::pipe().unwrap().1),
                device => {
                    Stdio::from(File::options().write(true).open(format!("/dev/{device}")).unwrap())
                }
            };
            // With JSON lines, a closed pipe ends the run at once.
            let steps = if stdout == "closed" && more.contains(&"--json") { ENDLESS } else { "60" };
            let child = training(&out, steps, more)
                .stdout(stream(stdout))
                .stderr(stream(stderr))
                .spawn()
                .unwrap();
            assert!(end(child).success(), "{stdout} {stderr} {more:?}");
            let step = step_of(&out);
            assert!(step == 60 || steps == ENDLESS, "{stdout} {stderr} {more:?}: {step}");
        }
    }
    // Other verbs also finish their work.
    let place = Place::new();
    training(&place.at("run.safetensors"), "1", &[]).output().unwrap();
    let full = || Stdio::from(File::options().write(true).open("/dev/full").unwrap());
    let (from, png) = (place.at("run.safetensors"), place.at("digits.png"));
    let sample = ["sample", "--from", from.to_str().unwrap(), "--out", png.to_str().unwrap()];
    assert!(ganvas(&sample).stdout(full()).status().unwrap().success() && png.exists());
    let nothing = ["sample", "--from", "nothing"];
    assert_eq!(ganvas(&nothing).stdout(full()).stderr(full()).status().unwrap().code(), Some(1));
}

#[test]
fn signals_end_training_and_the_checkpoint_is_written() {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored =
        status.lines().find_map(|line| line.strip_prefix("SigIgn:")).unwrap_or("0").trim();
    let ignores_hang_up = u64::from_str_radix(ignored, 16).unwrap() & 1 == 1;
    for signal in ["INT", "TERM", "HUP"] {
        if signal == "HUP" && ignores_hang_up {
            println!("SIGHUP is skipped: these tests run under nohup, which training respects");
            continue;
        }
        let place = Place::new();
        let out = place.at("run.safetensors");
        let mut child =
            training(&out, ENDLESS, &["--json"]).stdout(Stdio::piped()).spawn().unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        Command::new("kill").arg("-s").arg(signal).arg(child.id().to_string()).status().unwrap();
        let mut rest = String::new();
        lines.read_to_string(&mut rest).unwrap();
        assert!(end(child).success(), "{signal}");
        let last: Value = serde_json::from_str(rest.lines().last().unwrap_or(&first)).unwrap();
        assert_eq!(step_of(&out), last["step"].as_u64().unwrap(), "{signal}");
    }
}

#[test]
fn a_killed_run_leaves_the_checkpoint_written_during_training() {
    let place = Place::new();
    let out = place.at("run.safetensors");
    let mut child =
        training(&out, ENDLESS, &["--every", "0.2"]).stdout(Stdio::null()).spawn().unwrap();
    let begun = Instant::now();
    while !out.exists() && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(step_of(&out) > 0);
}

#[test]
fn output_paths_are_checked_before_the_first_step() {
    let place = Place::new();
    let deep = place.at("a/b/run.safetensors");
    assert!(training(&deep, "1", &[]).output().unwrap().status.success());
    assert_eq!(step_of(&deep), 1);
    fs::write(place.at("file"), "file").unwrap();
    for (option, path) in [
        ("--out", place.at("file/run.safetensors")),
        ("--out", "/proc/run.safetensors".into()),
        ("--generator", place.at("a")),
    ] {
        let mut command = training(&place.at("run.safetensors"), ENDLESS, &[]);
        if option == "--out" {
            command = ganvas(&["train", "--recipe", "gan", "--steps", ENDLESS]);
        }
        let child = command
            .arg(option)
            .arg(&path)
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let Output { status, stderr, .. } = child.wait_with_output().unwrap();
        let printed = String::from_utf8(stderr).unwrap();
        assert!(
            status.code() == Some(1) && printed.starts_with("error: ") && printed.contains(option),
            "{printed}"
        );
    }
    assert_eq!(place.names(), ["a", "file"], "nothing is left behind");
    let link = place.at("link");
    std::os::unix::fs::symlink(&deep, &link).unwrap();
    assert!(training(&link, "2", &[]).output().unwrap().status.success());
    assert_eq!((step_of(&deep), link.is_symlink()), (2, true));
}

#[test]
fn with_json_stdout_has_only_json() {
    let place = Place::new();
    for more in [&["--json"][..], &["--json", "--watch"], &["--json", "--every", "0.001"]] {
        let Output { status, stdout, .. } =
            training(&place.at("run.safetensors"), "120", more).output().unwrap();
        let printed = String::from_utf8(stdout).unwrap();
        assert!(status.success() && !printed.is_empty());
        assert!(
            printed
                .lines()
                .all(|line| serde_json::from_str::<Value>(line).is_ok_and(|it| it.is_object())),
            "{printed}"
        );
    }
    let from = place.at("run.safetensors");
    let Some(mnist) = std::env::var_os("MNIST_DIR") else {
        println!("eval is skipped: MNIST_DIR is not set");
        return;
    };
    let eval = ganvas(&["eval", "--json", "--count", "100", "--from", from.to_str().unwrap()])
        .env("MNIST_DIR", mnist)
        .output()
        .unwrap();
    assert!(
        eval.status.success() && serde_json::from_slice::<Value>(&eval.stdout).is_ok(),
        "{eval:?}"
    );
}

/// Writes a folder of 40 training images whose pixels are all `ink`, each with
/// the label that `label` gives its index.
fn digits(folder: &Path, ink: u8, label: fn(u8) -> u8) {
    let header =
        |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
    let images = [header(&[2051, 40, 28, 28]), vec![ink; 40 * 784]].concat();
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("train-images-idx3-ubyte"), images).unwrap();
    let labels = [header(&[2049, 40]), (0..40).map(label).collect()].concat();
    fs::write(folder.join("train-labels-idx1-ubyte"), labels).unwrap();
}

#[test]
fn continuing_with_other_images_prints_a_note() {
    let place = Place::new();
    digits(&place.at("ours"), 90, |i| i % 10);
    digits(&place.at("others"), 80, |i| i % 10);
    digits(&place.at("named"), 90, |i| (i + 1) % 10);
    let out = place.at("run.safetensors");
    let folder = |name: &str| place.at(name).to_str().unwrap().to_owned();
    assert!(training(&out, "1", &["--data", &folder("ours")]).output().unwrap().status.success());
    let (from, more_of_it) = (folder("run.safetensors"), folder("more"));
    let on = |more: &[&str]| {
        let mut command = ganvas(&["train", "--steps", "1", "--from", &from, "--out", &more_of_it]);
        let Output { status, stderr, .. } = command.args(more).output().unwrap();
        assert!(status.success());
        String::from_utf8(stderr).unwrap()
    };
    assert_eq!(on(&["--data", &folder("ours")]), "");
    let printed = on(&["--data", &folder("others")]);
    assert!(
        printed.contains("not the images that this run was trained on")
            && printed.contains("From step 1 on"),
        "{printed}"
    );
    assert!(on(&["--data", &folder("named")]).contains("other labels"));
    assert!(on(&["--data", &folder("others"), "--json"]).contains("not the images"));
    assert!(on(&[]).contains("not the images"), "drawn digits");
}

/// The rates make batch norm's statistics, or losses, overflow.
#[test]
fn a_broken_run_never_replaces_a_checkpoint_that_loads() {
    let place = Place::new();
    let out = place.at("run.safetensors");
    let small = [
        "--set",
        "batch=4",
        "--set",
        "g_channels=2",
        "--set",
        "d_channels=2",
        "--set",
        "optimizer=sgd",
    ];
    for (recipe, rate, more) in [("wgan", "0.1", &["--set", "clip=0"][..]), ("wgan_gp", "1", &[])] {
        let rates = [format!("d_rate={rate}"), format!("g_rate={rate}")];
        let begin =
            ganvas(&["train", "--recipe", recipe, "--steps", "2", "--out", out.to_str().unwrap()])
                .args(small)
                .args(more)
                .output();
        assert!(begin.unwrap().status.success());
        let from = ["train", "--from", out.to_str().unwrap(), "--steps", "300"];
        let mut on = ganvas(&from);
        for rate in &rates {
            on.arg("--set").arg(rate);
        }
        let Output { status, stdout, stderr } = on.output().unwrap();
        let (errors, printed) =
            (String::from_utf8_lossy(&stderr), String::from_utf8_lossy(&stdout));
        assert!(
            status.success() == printed.contains("written to")
                && (status.success() || errors.contains("finite number")),
            "{errors}"
        );
        assert!(step_of(&out) >= 2, "{recipe}");
    }
}

//! The command as a user sees it: bad input gives an error of one clear line,
//! and a download survives a bad network.

#![allow(clippy::unwrap_used, clippy::panic)]

mod mirror;

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use mirror::{Mirror, Trouble};

fn ganvas(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ganvas-cli"));
    command.args(args).env_remove("MNIST_DIR").stdin(Stdio::null());
    command
}

/// Runs the command, which must fail and print one line that contains `part`.
fn refused(args: &[&str], part: &str) -> String {
    let Output { status, stderr, .. } = ganvas(args).output().unwrap();
    let printed = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{args:?} printed {printed}");
    assert!(
        printed.starts_with("error: ") && printed.trim_end().lines().count() == 1,
        "{args:?} printed {printed}"
    );
    assert!(printed.contains(part), "{args:?} printed {printed}");
    printed
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn every_verb_has_help() {
    for verb in ["serve", "build", "fetch", "train", "train-judge", "sample", "eval", "test"] {
        let Output { status, stdout, .. } = ganvas(&[verb, "--help"]).output().unwrap();
        let printed = String::from_utf8(stdout).unwrap();
        assert!(
            status.success() && printed.contains(&format!("cargo ganvas {verb}")),
            "{verb}: {printed}"
        );
    }
}

/// Writes 200 blank training digits with labels into a folder: more than
/// 2^32 / 100 passes over them are too many steps.
fn write_blank_digits(folder: &Path) {
    let header =
        |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
    let images = [header(&[2051, 200, 28, 28]), vec![0; 200 * 784]].concat();
    fs::write(folder.join("train-images-idx3-ubyte"), images).unwrap();
    let labels = [header(&[2049, 200]), vec![0; 200]].concat();
    fs::write(folder.join("train-labels-idx1-ubyte"), labels).unwrap();
}

#[test]
fn wrong_input_gives_an_error_of_one_line() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(here("mine.txt"), "mine").unwrap();
    fs::write(here("no.safetensors"), "no checkpoint").unwrap();
    let (mine, out) = (text(folder.path()), here("out.safetensors"));
    refused(&["build", "--out", mine], "not a site");
    refused(&["serve", "--port", "0", "--dir", "/nowhere"], "/nowhere");
    refused(&["fetch", "--from", mine], "has no train-labels");
    refused(&["sample", "--from", &here("nothing")], "nothing");
    refused(&["sample", "--from", &here("no.safetensors"), "--out", &here("x.png")], "checkpoint");
    refused(
        &["sample", "--from", &here("no.safetensors"), "--out", "x.jpg"],
        ".png, .idx or -ubyte",
    );
    refused(&["eval", "--images", &here("mine.txt"), "--data", mine], "no images in");
    refused(&["train-judge", "--data", mine], "MNIST is needed");
    let blank = tempfile::tempdir().unwrap();
    write_blank_digits(blank.path());
    let epochs = ["--epochs", "4294967295", "--out", &out];
    refused(
        &[&["train-judge", "--data", text(blank.path())], &epochs[..]].concat(),
        "more steps than can be counted",
    );
    refused(&["train", "--recipe", "nonsense", "--steps", "1", "--out", &out], "nonsense");
    refused(
        &["train", "--recipe", "gan", "--steps", "1", "--set", "batch=0", "--out", &out],
        "batch",
    );
    refused(&["train", "--recipe", "gan", "--steps", "1", "--set", "no=1", "--out", &out], "no");
    refused(
        &["train", "--recipe", "gan", "--steps", "1", "--data", mine, "--out", &out],
        "no images in",
    );
    refused(&["train", "--recipe", "gan", "--steps", "1", "--out", mine], "is a folder");
    assert!(fs::read(here("mine.txt")).is_ok() && !Path::new(&out).exists());
}

#[test]
fn a_checkpoint_can_be_sampled_and_trained_further() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let train = |more: &[&str]| {
        let output = ganvas(&["train", "--steps", "2", "--out", &here("a.safetensors")])
            .args(more)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    train(&["--recipe", "gan", "--set", "g_hidden=16", "--set", "batch=8"]);
    assert!(train(&["--from", &here("a.safetensors")]).contains("now at 4"));
    for (name, size) in
        [("a.png", None), ("a.idx", Some(16 + 10 * 784)), ("a-idx3-ubyte", Some(16 + 10 * 784))]
    {
        let (from, out) = (here("a.safetensors"), here(name));
        let done =
            ganvas(&["sample", "--from", &from, "--count", "10", "--out", &out]).output().unwrap();
        assert!(done.status.success(), "{done:?}");
        let bytes = fs::read(&out).unwrap();
        assert!(size.is_none_or(|size| size == bytes.len()) && !bytes.is_empty(), "{name}");
    }
}

#[test]
fn samples_of_a_conditional_gan_have_a_file_of_labels() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let from = here("c.safetensors");
    let train =
        ["train", "--recipe", "cgan", "--steps", "1", "--set", "g_channels=2", "--out", &from];
    assert!(ganvas(&train).output().unwrap().status.success());
    for (name, class, expected) in [
        ("a.idx", None, [0u8, 1, 2, 3].as_slice()),
        ("b-images-idx3-ubyte", Some("7"), [7, 7, 7, 7].as_slice()),
    ] {
        let out = here(name);
        let mut args = vec!["sample", "--from", &from, "--count", "4", "--out", &out];
        args.extend(class.into_iter().flat_map(|class| ["--class", class]));
        assert!(ganvas(&args).output().unwrap().status.success());
        let labels = fs::read(here(&format!("{}-labels-idx1-ubyte", &name[..1]))).unwrap();
        assert_eq!(&labels[8..], expected, "{name}");
    }
    let plain = here("g.safetensors");
    assert!(
        ganvas(&["train", "--recipe", "gan", "--steps", "1", "--out", &plain])
            .output()
            .unwrap()
            .status
            .success()
    );
    refused(
        &["sample", "--from", &plain, "--class", "3", "--out", &here("x.png")],
        "is unconditional",
    );
}

#[test]
fn the_error_for_a_busy_port_suggests_another() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    refused(&["serve", "--port", &port.to_string(), "--dir", "."], "try --port");
}

/// Runs `fetch` from a local mirror; returns whether it succeeded, and its
/// stderr.
fn fetch(mirror: &Mirror, to: &Path) -> (bool, String) {
    let Output { status, stderr, .. } =
        ganvas(&["fetch", "--mirror", &mirror.url, "--to", text(to)]).output().unwrap();
    (status.success(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_cut_download_resumes_where_it_stopped() {
    // Not MNIST's bytes: the requested ranges show how far the first file came.
    let mirror = Mirror::open(vec![b'x'; 60_000], Trouble::CutOnce { after: 20_000, ranges: true });
    let folder = tempfile::tempdir().unwrap();
    let (success, printed) = fetch(&mirror, folder.path());
    assert!(!success && printed.contains("sends wrong data"), "{printed}");
    assert_eq!(mirror.ranges()[..2], [None, Some("bytes=20000-".to_owned())]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "wrong data stays");
}

#[test]
fn a_server_without_ranges_sends_the_complete_file_again() {
    let mirror =
        Mirror::open(vec![b'x'; 60_000], Trouble::CutOnce { after: 20_000, ranges: false });
    let folder = tempfile::tempdir().unwrap();
    let (success, printed) = fetch(&mirror, folder.path());
    assert!(!success && printed.contains("sends wrong data"), "{printed}");
    assert_eq!(mirror.ranges()[1], Some("bytes=20000-".to_owned()));
}

#[test]
fn truncated_and_missing_files_are_reported() {
    let folder = tempfile::tempdir().unwrap();
    let short = Mirror::open(vec![0; 100], Trouble::None);
    let (success, printed) = fetch(&short, folder.path());
    assert!(!success && printed.contains("cut short: 100 of 60008"), "{printed}");
    let (success, printed) = fetch(&Mirror::open(Vec::new(), Trouble::Missing), folder.path());
    assert!(!success && printed.contains("404"), "{printed}");
    let nobody = ["fetch", "--mirror", "http://127.0.0.1:1/", "--to", text(folder.path())];
    refused(&nobody, "mirrors has");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "wrong data stays");
}

#[test]
fn mnist_downloads_completely_over_a_bad_network() {
    let Some(mnist) = std::env::var_os("MNIST_DIR") else {
        println!("skipped: MNIST_DIR is not set");
        return;
    };
    let mirror =
        Mirror::of_folder(Path::new(&mnist), Trouble::CutOnce { after: 3_000, ranges: true });
    let folder = tempfile::tempdir().unwrap();
    let (success, printed) = fetch(&mirror, folder.path());
    assert!(success, "{printed}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
    let requests = mirror.ranges().len();
    assert!(fetch(&mirror, folder.path()).0);
    assert_eq!(mirror.ranges().len(), requests, "files that are present were fetched again");
}

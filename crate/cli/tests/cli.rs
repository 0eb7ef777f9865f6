//! The command as a person meets it: bad input gets one clear line, and a
//! download survives a bad network.

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

/// Runs it; it must fail and say just one line, which holds `part`.
fn refused(args: &[&str], part: &str) -> String {
    let Output { status, stderr, .. } = ganvas(args).output().unwrap();
    let said = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{args:?} said {said}");
    assert!(
        said.starts_with("error: ") && said.trim_end().lines().count() == 1,
        "{args:?} said {said}"
    );
    assert!(said.contains(part), "{args:?} said {said}");
    said
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn every_verb_has_help() {
    for verb in ["serve", "build", "fetch", "train", "train-judge", "sample", "eval", "test"] {
        let Output { status, stdout, .. } = ganvas(&[verb, "--help"]).output().unwrap();
        let said = String::from_utf8(stdout).unwrap();
        assert!(
            status.success() && said.contains(&format!("cargo ganvas {verb}")),
            "{verb}: {said}"
        );
    }
}

/// 200 training digits in a folder, blank but labelled: more than 2^32 / 100
/// passes over them are too many steps.
fn few(folder: &Path) {
    let header =
        |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
    let images = [header(&[2051, 200, 28, 28]), vec![0; 200 * 784]].concat();
    fs::write(folder.join("train-images-idx3-ubyte"), images).unwrap();
    let labels = [header(&[2049, 200]), vec![0; 200]].concat();
    fs::write(folder.join("train-labels-idx1-ubyte"), labels).unwrap();
}

#[test]
fn wrong_input_gets_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let here = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    fs::write(here("mine.txt"), "mine").unwrap();
    fs::write(here("no.safetensors"), "no checkpoint").unwrap();
    let (mine, out) = (text(folder.path()), here("out.safetensors"));
    refused(&["build", "--out", mine], "not a site");
    refused(&["serve", "--port", "0", "--dir", "/nowhere"], "/nowhere");
    refused(&["fetch", "--from", mine], "holds no train-labels");
    refused(&["sample", "--from", &here("nothing")], "nothing");
    refused(&["sample", "--from", &here("no.safetensors"), "--out", &here("x.png")], "checkpoint");
    refused(
        &["sample", "--from", &here("no.safetensors"), "--out", "x.jpg"],
        ".png, .idx or -ubyte",
    );
    refused(&["eval", "--images", &here("mine.txt"), "--data", mine], "no digits in");
    refused(&["train-judge", "--data", mine], "MNIST is needed");
    let of_few = tempfile::tempdir().unwrap();
    few(of_few.path());
    let epochs = ["--epochs", "4294967295", "--out", &out];
    refused(
        &[&["train-judge", "--data", text(of_few.path())], &epochs[..]].concat(),
        "more steps than are counted",
    );
    refused(&["train", "--recipe", "nonsense", "--steps", "1", "--out", &out], "nonsense");
    refused(
        &["train", "--recipe", "gan", "--steps", "1", "--set", "batch=0", "--out", &out],
        "batch",
    );
    refused(&["train", "--recipe", "gan", "--steps", "1", "--set", "no=1", "--out", &out], "no");
    refused(
        &["train", "--recipe", "gan", "--steps", "1", "--data", mine, "--out", &out],
        "no digits in",
    );
    refused(&["train", "--recipe", "gan", "--steps", "1", "--out", mine], "is a folder");
    assert!(fs::read(here("mine.txt")).is_ok() && !Path::new(&out).exists());
}

#[test]
fn what_is_trained_can_be_sampled_and_trained_on() {
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
fn samples_of_a_conditional_gan_come_with_their_labels() {
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
        "told no class",
    );
}

#[test]
fn a_busy_port_is_named_with_another() {
    let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    refused(&["serve", "--port", &port.to_string(), "--dir", "."], "try --port");
}

/// `fetch` from a local mirror; returns whether it went well and what it said.
fn fetch(mirror: &Mirror, to: &Path) -> (bool, String) {
    let Output { status, stderr, .. } =
        ganvas(&["fetch", "--mirror", &mirror.url, "--to", text(to)]).output().unwrap();
    (status.success(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_cut_download_goes_on_where_it_stopped() {
    // Of the first file's own making: no MNIST is needed to see how far it
    // came.
    let mirror = Mirror::open(vec![b'x'; 60_000], Trouble::CutOnce { after: 20_000, ranges: true });
    let folder = tempfile::tempdir().unwrap();
    let (well, said) = fetch(&mirror, folder.path());
    assert!(!well && said.contains("gives wrong data"), "{said}");
    assert_eq!(mirror.ranges()[..2], [None, Some("bytes=20000-".to_owned())]);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "wrong data stayed");
}

#[test]
fn a_server_without_ranges_sends_all_again() {
    let mirror =
        Mirror::open(vec![b'x'; 60_000], Trouble::CutOnce { after: 20_000, ranges: false });
    let folder = tempfile::tempdir().unwrap();
    let (well, said) = fetch(&mirror, folder.path());
    assert!(!well && said.contains("gives wrong data"), "{said}");
    assert_eq!(mirror.ranges()[1], Some("bytes=20000-".to_owned()));
}

#[test]
fn a_truncated_file_and_a_missing_one_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let short = Mirror::open(vec![0; 100], Trouble::None);
    let (well, said) = fetch(&short, folder.path());
    assert!(!well && said.contains("cut short: 100 of 60008"), "{said}");
    let (well, said) = fetch(&Mirror::open(Vec::new(), Trouble::Missing), folder.path());
    assert!(!well && said.contains("404"), "{said}");
    let nobody = ["fetch", "--mirror", "http://127.0.0.1:1/", "--to", text(folder.path())];
    refused(&nobody, "mirrors gives");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "wrong data stayed");
}

#[test]
fn mnist_comes_whole_through_a_bad_network() {
    let Some(mnist) = std::env::var_os("MNIST_DIR") else {
        println!("skipped: MNIST_DIR is not set");
        return;
    };
    let mirror =
        Mirror::of_folder(Path::new(&mnist), Trouble::CutOnce { after: 3_000, ranges: true });
    let folder = tempfile::tempdir().unwrap();
    let (well, said) = fetch(&mirror, folder.path());
    assert!(well, "{said}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 4);
    let asked = mirror.ranges().len();
    assert!(fetch(&mirror, folder.path()).0);
    assert_eq!(mirror.ranges().len(), asked, "what is there was fetched again");
}

//! Images in the formats that users have: the command trains on folders and
//! files of all common layouts, or refuses them with an error of one line.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use flate2::Compression;
use flate2::write::GzEncoder;
use ganvas::data::idx;

const N: usize = 40;

struct Here(tempfile::TempDir);

impl Here {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Writes a file, and creates its folder.
    fn put(&self, name: &str, bytes: &[u8]) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    /// Trains one step on the images there; returns whether it succeeded, and
    /// its output.
    fn train(&self, data: &str, more: &[&str]) -> (bool, String) {
        let out = self.path("out.safetensors");
        let small = [
            "train",
            "--recipe",
            "gan",
            "--steps",
            "1",
            "--set",
            "g_hidden=16",
            "--set",
            "batch=8",
        ];
        run(Command::new(env!("CARGO_BIN_EXE_ganvas-cli"))
            .args(small)
            .arg("--data")
            .arg(self.path(data))
            .arg("--out")
            .arg(out)
            .args(more))
    }

    #[track_caller]
    fn trains_on(&self, data: &str, note: &str) {
        let (success, printed) = self.train(data, &[]);
        assert!(
            success && printed.contains(&format!("the {N} images in")) && printed.contains(note),
            "{data}: {printed}"
        );
    }
}

fn run(command: &mut Command) -> (bool, String) {
    let Output { status, stdout, stderr } =
        command.env_remove("MNIST_DIR").stdin(Stdio::null()).output().unwrap();
    (status.success(), String::from_utf8([stdout, stderr].concat()).unwrap())
}

fn images() -> Vec<u8> {
    idx::write_images(&(0..N * 784).map(|i| (i % 251) as u8).collect::<Vec<_>>())
}

fn labels() -> Vec<u8> {
    idx::write_labels(&(0..N).map(|i| (i % 10) as u8).collect::<Vec<_>>())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn zip(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

#[test]
fn folders_of_all_common_layouts_are_trained_on() {
    let here = Here::new();
    let members = |bytes: &[u8]| [gzip(&bytes[..8]), gzip(&bytes[8..])].concat();
    here.put("dots/train-images.idx3-ubyte", &images())
        .put("dots/train-labels.idx1-ubyte", &labels());
    here.put("copies/train-images-idx3-ubyte (1).gz", &gzip(&images()));
    here.put("copies/train-labels-idx1-ubyte (1).gz", &gzip(&labels()));
    here.put("root/MNIST/raw/train-images-idx3-ubyte.gz", &gzip(&images()));
    here.put("root/MNIST/raw/train-labels-idx1-ubyte", &labels());
    here.put("kaggle/train-images-idx3-ubyte/train-images-idx3-ubyte", &images());
    here.put("kaggle/train-labels-idx1-ubyte/train-labels-idx1-ubyte", &labels());
    here.put("members/train-images-idx3-ubyte.gz", &members(&images()));
    here.put("members/train-labels-idx1-ubyte.gz", &members(&labels()));
    for folder in ["dots", "copies", "root", "kaggle", "members"] {
        let (success, printed) = here.train(folder, &["--set", "batch=4"]);
        assert!(
            success
                && printed.contains(&format!("the {N} images in"))
                && !printed.contains("without labels"),
            "{folder}: {printed}"
        );
    }
    here.put("bare/train-images-idx3-ubyte", &images());
    here.trains_on("bare", "without labels");
    here.trains_on("dots/train-images.idx3-ubyte", "");
    here.put(
        "archive.zip",
        &zip(&[("a/train-images.idx3-ubyte", images()), ("a/train-labels.idx1-ubyte", labels())]),
    );
    here.trains_on("archive.zip", "");
    here.put("beside/README.md", b"# Fashion-MNIST")
        .put("beside/train-images-idx3-ubyte", &images());
    here.trains_on("beside", "1 (README.md)");
}

#[test]
fn a_complete_file_is_preferred_to_a_cut_one() {
    let here = Here::new();
    let cut = &gzip(&images())[..500];
    here.put("a/train-images-idx3-ubyte.gz", cut).put("a/train-images-idx3-ubyte", &images());
    here.put("a/train-labels-idx1-ubyte.gz", b"").put("a/train-labels-idx1-ubyte", &labels());
    here.trains_on("a", "");
    here.put("b/train-images-idx3-ubyte.gz", cut);
    let (success, printed) = here.train("b", &[]);
    assert!(!success && printed.contains(&format!("of {N} items")), "{printed}");
}

#[test]
fn emnist_is_turned_upright_on_demand() {
    let here = Here::new();
    let letters: Vec<u8> = (0..N).map(|i| 1 + (i % 26) as u8).collect();
    here.put("emnist-letters-mapping.txt", b"1 65 97\n");
    here.put("emnist-letters-train-images-idx3-ubyte.gz", &gzip(&images()));
    here.put("emnist-letters-train-labels-idx1-ubyte.gz", &gzip(&idx::write_labels(&letters)));
    let (success, printed) = here.train("", &[]);
    assert!(
        success && printed.contains("go from 1 to 26") && printed.contains("--upright"),
        "{printed}"
    );
    let flat = fs::read(here.path("out.safetensors")).unwrap();
    let (success, printed) = here.train("", &["--upright"]);
    assert!(success && !printed.contains("lie on their side"), "{printed}");
    assert_ne!(fs::read(here.path("out.safetensors")).unwrap(), flat);
    // A conditional GAN needs labels.
    let cgan = ["train", "--recipe", "cgan", "--steps", "1", "--out"];
    let (success, printed) = run(Command::new(env!("CARGO_BIN_EXE_ganvas-cli"))
        .args(cgan)
        .arg(here.path("c"))
        .arg("--data")
        .arg(here.path("")));
    assert!(!success && printed.contains("labels"), "{printed}");
}

#[test]
fn files_that_are_not_a_data_set_are_refused_with_the_reason() {
    let here = Here::new();
    for (name, bytes, part) in [
        ("train-images-idx3-ubyte.gz", &b"<!DOCTYPE html><html>"[..], "web page"),
        ("x.parquet", b"PAR1....PAR1", "Parquet"),
        ("x.mat", b"MATLAB 5.0 MAT-file", "MATLAB"),
        ("x.bz2", b"BZh91AY&SY", "unpack it"),
        ("x.heic", b"\0\0\0\x24ftypheic\0\0\0\0mif1", "HEIC"),
        ("x.npy", b"\x93NUMPY\x01\0\xff\xff", "header"),
    ] {
        here.put(name, bytes);
        let (success, printed) = here.train(name, &[]);
        assert!(
            !success && printed.contains(part) && printed.trim_end().lines().count() == 1,
            "{name}: {printed}"
        );
    }
}

/// A PNG of the digit 1, light on dark.
fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 28, 28);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    let ink = |i: usize| {
        if (12..16).contains(&(i % 28)) && (5..23).contains(&(i / 28)) { 255 } else { 0 }
    };
    writer.write_image_data(&(0..784).map(ink).collect::<Vec<u8>>()).unwrap();
    writer.finish().unwrap();
    bytes
}

#[test]
fn pictures_are_read_if_no_file_is_a_data_set() {
    let here = Here::new();
    for i in 0..N {
        here.put(&format!("alone/{}/{i}.png", i % 10), &png());
        here.put(&format!("beside/{}/{i}.png", i % 10), &png());
    }
    // A list of the pictures is a table, but not a data set.
    here.put("alone/train.csv", b"filename,label\n0/0.png,0\n1/1.png,1\n");
    here.trains_on("alone", "all have a class");
    here.put("set/train-images-idx3-ubyte", &images()).put("set/preview.png", &png());
    here.trains_on("set", "without labels");
    // A cut array is an error, even if there are pictures next to it.
    here.put("beside/train-images-idx3-ubyte", &images()[..5000]);
    let (success, printed) = here.train("beside", &[]);
    assert!(!success && printed.contains(&format!("of {N} items")), "{printed}");
}

/// Runs the command with these arguments.
fn ganvas(args: &[&str]) -> (bool, String) {
    run(Command::new(env!("CARGO_BIN_EXE_ganvas-cli")).args(args))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_generator_file_samples_like_its_run_packed_or_not() {
    let here = Here::new();
    let [run, alone, packed] =
        ["run.safetensors", "alone.safetensors", "alone.gz"].map(|name| here.path(name));
    let train =
        ["train", "--recipe", "gan", "--steps", "3", "--set", "g_hidden=16", "--out", text(&run)];
    assert!(ganvas(&[&train[..], &["--generator", text(&alone)]].concat()).0);
    fs::write(&packed, gzip(&fs::read(&alone).unwrap())).unwrap();
    let sampled = |from: &Path| {
        let out = here.path("s.idx");
        let (success, printed) =
            ganvas(&["sample", "--from", text(from), "--count", "20", "--out", text(&out)]);
        assert!(success && printed.contains("of iteration 3"), "{printed}");
        fs::read(out).unwrap()
    };
    let (whole, half) = (sampled(&run), sampled(&alone));
    assert_eq!(half, sampled(&packed));
    // The generator file has weights in half precision.
    assert!(whole.iter().zip(&half).all(|(a, b)| a.abs_diff(*b) <= 2) && whole.len() == half.len());
    // It is measured like its run, except by D's scores.
    here.put("real.idx", &drawn(200));
    let (real, count) = (here.path("real.idx"), ["--json", "--count", "100"]);
    let measured = |from: &Path| {
        let from = ["eval", "--from", text(from), "--data", text(&real)];
        let (success, printed) = ganvas(&[&from[..], &count].concat());
        let json = printed.lines().find(|line| line.starts_with('{')).unwrap_or_default();
        assert!(success, "{printed}");
        serde_json::from_str::<serde_json::Value>(json).unwrap()
    };
    let (run_is, alone_is) = (measured(&run), measured(&alone));
    for (key, value) in [("recipe", "gan".into()), ("steps", 3.into()), ("n", 100.into())] {
        assert_eq!((&run_is[key], &alone_is[key]), (&value, &value), "{key}");
    }
    assert!(alone_is["frechet"].is_number() && alone_is == measured(&packed), "{alone_is}");
    assert!(run_is["jsd"].is_number() && alone_is["jsd"].is_null(), "{run_is} {alone_is}");
    let (success, printed) =
        ganvas(&["train", "--from", text(&alone), "--steps", "1", "--out", text(&run)]);
    assert!(!success && printed.contains("generator alone"), "{printed}");
}

/// An IDX file of `count` drawn digits.
fn drawn(count: u32) -> Vec<u8> {
    let mut digits = ganvas::Dataset::drawn();
    let pixels: Vec<u8> = (0..count).flat_map(|i| digits.digit(i).to_vec()).collect();
    idx::write_images(&pixels)
}

#[test]
fn eval_notes_that_images_are_not_digits() {
    let here = Here::new();
    let noise: Vec<u8> =
        (0..200 * 784u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    here.put("noise.idx", &idx::write_images(&noise)).put("digits.idx", &drawn(200));
    let [noise, digits] = ["noise.idx", "digits.idx"].map(|name| here.path(name));
    for (images, noted) in [(&noise, true), (&digits, false)] {
        let (success, printed) =
            ganvas(&["eval", "--images", text(images), "--data", text(&digits), "--json"]);
        assert!(success && printed.contains("these are not digits") == noted, "{printed}");
    }
}

#[test]
fn fetch_copies_the_valid_one_of_two_files_under_the_published_name() {
    let Some(mnist) = std::env::var_os("MNIST_DIR").map(PathBuf::from) else {
        println!("skipped: MNIST_DIR is not set");
        return;
    };
    let here = Here::new();
    for entry in fs::read_dir(&mnist).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_file() && name.contains("-idx") {
            let published = name.trim_end_matches(".gz").to_owned();
            here.put(&format!("from/{}", name.replace("-idx", ".idx")), &fs::read(&path).unwrap());
            here.put(&format!("from/{published}.gz"), b"");
        }
    }
    let (success, printed) =
        ganvas(&["fetch", "--from", text(&here.path("from")), "--to", text(&here.path("to"))]);
    assert!(success, "{printed}");
    let (success, printed) = here.train("to", &[]);
    assert!(success && printed.contains("the 60000 images in"), "{printed}");
}

#[test]
fn a_zip_of_pictures_is_trained_on() {
    let here = Here::new();
    let files: Vec<(String, Vec<u8>)> =
        (0..N).map(|i| (format!("mine/{}/{i}.png", i % 10), png())).collect();
    let files: Vec<(&str, Vec<u8>)> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    here.put("mine.zip", &zip(&files));
    here.trains_on("mine.zip", "all have a class");
    here.put("locked.zip", b"PK\x03\x04 and then nothing that is a zip");
    let (success, printed) = here.train("locked.zip", &[]);
    assert!(!success && printed.trim_end().lines().count() == 1, "{printed}");
}

#[test]
fn eval_measures_against_pictures_in_class_folders() {
    let here = Here::new();
    // Strokes of many widths and positions: the distance needs varied images.
    let shifted = |i: usize| {
        let digit: Vec<u8> =
            (0..784).map(|p| u8::from(p % 28 / (2 + i % 5) % 3 == i % 3) * 255).collect();
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, 28, 28);
        encoder.set_color(png::ColorType::Grayscale);
        encoder.write_header().unwrap().write_image_data(&digit).unwrap();
        bytes
    };
    let files: Vec<(String, Vec<u8>)> =
        (0..200).map(|i| (format!("{}/{i}.png", i % 10), shifted(i))).collect();
    for (name, bytes) in &files {
        here.put(&format!("real/{name}"), bytes);
    }
    let files: Vec<(&str, Vec<u8>)> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    here.put("real.zip", &zip(&files));
    let (success, printed) = here.train("real", &[]);
    assert!(success, "{printed}");
    let (from, folder, archive) =
        (here.path("out.safetensors"), here.path("real"), here.path("real.zip"));
    let eval = |more: &[&str]| ganvas(&[&["eval", "--json", "--count", "100"], more].concat());
    let measured = |more: &[&str]| {
        let (success, printed) = eval(more);
        let json =
            printed.lines().find(|line| line.starts_with('{')).unwrap_or_default().to_owned();
        assert!(
            success && json.contains("\"compared\":100") && json.contains("\"parzen\":null"),
            "{printed}"
        );
        assert!(printed.contains("200 pictures of digits: all have a class"), "{printed}");
        json
    };
    let by_folder = measured(&["--from", text(&from), "--data", text(&folder)]);
    assert_eq!(measured(&["--from", text(&from), "--data", text(&archive)]), by_folder);
    measured(&["--images", text(&archive), "--data", text(&folder)]);
    let (success, printed) = eval(&["--from", text(&from), "--data", text(&here.path("nowhere"))]);
    assert!(!success && printed.starts_with("error: ") && printed.contains("nowhere"), "{printed}");
}

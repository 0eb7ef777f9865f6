//! Digits as people have them, brought to the command: folders and files of
//! every habit are trained on, or refused by one clear line.

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

    /// A file in a folder of its own.
    fn put(&self, name: &str, bytes: &[u8]) -> &Self {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
        self
    }

    /// One step on the digits there: whether it went well, and what was said.
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
    fn taken(&self, data: &str, said: &str) {
        let (well, all) = self.train(data, &[]);
        assert!(
            well && all.contains(&format!("the {N} digits in")) && all.contains(said),
            "{data}: {all}"
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
fn folders_of_every_habit_are_trained_on() {
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
        let (well, said) = here.train(folder, &["--set", "batch=4"]);
        assert!(
            well && said.contains(&format!("the {N} digits in"))
                && !said.contains("without labels"),
            "{folder}: {said}"
        );
    }
    here.put("bare/train-images-idx3-ubyte", &images());
    here.taken("bare", "without labels");
    here.taken("dots/train-images.idx3-ubyte", "");
    here.put(
        "archive.zip",
        &zip(&[("a/train-images.idx3-ubyte", images()), ("a/train-labels.idx1-ubyte", labels())]),
    );
    here.taken("archive.zip", "");
    here.put("beside/README.md", b"# Fashion-MNIST")
        .put("beside/train-images-idx3-ubyte", &images());
    here.taken("beside", "1 (README.md)");
}

#[test]
fn the_good_file_wins_over_a_cut_one() {
    let here = Here::new();
    let cut = &gzip(&images())[..500];
    here.put("a/train-images-idx3-ubyte.gz", cut).put("a/train-images-idx3-ubyte", &images());
    here.put("a/train-labels-idx1-ubyte.gz", b"").put("a/train-labels-idx1-ubyte", &labels());
    here.taken("a", "");
    here.put("b/train-images-idx3-ubyte.gz", cut);
    let (well, said) = here.train("b", &[]);
    assert!(!well && said.contains(&format!("of {N} items")), "{said}");
}

#[test]
fn emnist_is_turned_upright_on_demand() {
    let here = Here::new();
    let letters: Vec<u8> = (0..N).map(|i| 1 + (i % 26) as u8).collect();
    here.put("emnist-letters-mapping.txt", b"1 65 97\n");
    here.put("emnist-letters-train-images-idx3-ubyte.gz", &gzip(&images()));
    here.put("emnist-letters-train-labels-idx1-ubyte.gz", &gzip(&idx::write_labels(&letters)));
    let (well, said) = here.train("", &[]);
    assert!(well && said.contains("go from 1 to 26") && said.contains("--upright"), "{said}");
    let flat = fs::read(here.path("out.safetensors")).unwrap();
    let (well, said) = here.train("", &["--upright"]);
    assert!(well && !said.contains("lie on their side"), "{said}");
    assert_ne!(fs::read(here.path("out.safetensors")).unwrap(), flat);
    // Who is told labels needs some.
    let cgan = ["train", "--recipe", "cgan", "--steps", "1", "--out"];
    let (well, said) = run(Command::new(env!("CARGO_BIN_EXE_ganvas-cli"))
        .args(cgan)
        .arg(here.path("c"))
        .arg("--data")
        .arg(here.path("")));
    assert!(!well && said.contains("labels"), "{said}");
}

#[test]
fn what_is_no_data_set_is_named_with_what_to_do() {
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
        let (well, said) = here.train(name, &[]);
        assert!(
            !well && said.contains(part) && said.trim_end().lines().count() == 1,
            "{name}: {said}"
        );
    }
}

/// A picture of the digit 1, light on dark.
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
fn pictures_are_taken_where_no_file_is_a_data_set() {
    let here = Here::new();
    for i in 0..N {
        here.put(&format!("alone/{}/{i}.png", i % 10), &png());
        here.put(&format!("beside/{}/{i}.png", i % 10), &png());
    }
    // A list of the pictures is a table, and no data set.
    here.put("alone/train.csv", b"filename,label\n0/0.png,0\n1/1.png,1\n");
    here.taken("alone", "all have a class");
    here.put("set/train-images-idx3-ubyte", &images()).put("set/preview.png", &png());
    here.taken("set", "without labels");
    // An array that is cut is told, whatever pictures lie beside it.
    here.put("beside/train-images-idx3-ubyte", &images()[..5000]);
    let (well, said) = here.train("beside", &[]);
    assert!(!well && said.contains(&format!("of {N} items")), "{said}");
}

/// The command with these arguments.
fn ganvas(args: &[&str]) -> (bool, String) {
    run(Command::new(env!("CARGO_BIN_EXE_ganvas-cli")).args(args))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

#[test]
fn a_generator_alone_makes_the_digits_of_its_run_packed_or_not() {
    let here = Here::new();
    let [run, alone, packed] =
        ["run.safetensors", "alone.safetensors", "alone.gz"].map(|name| here.path(name));
    let train =
        ["train", "--recipe", "gan", "--steps", "3", "--set", "g_hidden=16", "--out", text(&run)];
    assert!(ganvas(&[&train[..], &["--generator", text(&alone)]].concat()).0);
    fs::write(&packed, gzip(&fs::read(&alone).unwrap())).unwrap();
    let sampled = |from: &Path| {
        let out = here.path("s.idx");
        let (well, said) =
            ganvas(&["sample", "--from", text(from), "--count", "20", "--out", text(&out)]);
        assert!(well && said.contains("of iteration 3"), "{said}");
        fs::read(out).unwrap()
    };
    let (whole, half) = (sampled(&run), sampled(&alone));
    assert_eq!(half, sampled(&packed));
    // Weights in half precision.
    assert!(whole.iter().zip(&half).all(|(a, b)| a.abs_diff(*b) <= 2) && whole.len() == half.len());
    // It is measured as its run is, but for what D says.
    here.put("real.idx", &drawn(200));
    let (real, count) = (here.path("real.idx"), ["--json", "--count", "100"]);
    let measured = |from: &Path| {
        let from = ["eval", "--from", text(from), "--data", text(&real)];
        let (well, said) = ganvas(&[&from[..], &count].concat());
        let json = said.lines().find(|line| line.starts_with('{')).unwrap_or_default();
        assert!(well, "{said}");
        serde_json::from_str::<serde_json::Value>(json).unwrap()
    };
    let (run_is, alone_is) = (measured(&run), measured(&alone));
    for (key, value) in [("recipe", "gan".into()), ("steps", 3.into()), ("n", 100.into())] {
        assert_eq!((&run_is[key], &alone_is[key]), (&value, &value), "{key}");
    }
    assert!(alone_is["frechet"].is_number() && alone_is == measured(&packed), "{alone_is}");
    assert!(run_is["jsd"].is_number() && alone_is["jsd"].is_null(), "{run_is} {alone_is}");
    let (well, said) =
        ganvas(&["train", "--from", text(&alone), "--steps", "1", "--out", text(&run)]);
    assert!(!well && said.contains("generator alone"), "{said}");
}

/// A file of as many drawn digits.
fn drawn(count: u32) -> Vec<u8> {
    let mut digits = ganvas::Dataset::drawn();
    let pixels: Vec<u8> = (0..count).flat_map(|i| digits.digit(i).to_vec()).collect();
    idx::write_images(&pixels)
}

#[test]
fn of_pictures_that_are_no_digits_eval_says_that_its_figures_mean_nothing() {
    let here = Here::new();
    let noise: Vec<u8> =
        (0..200 * 784u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    here.put("noise.idx", &idx::write_images(&noise)).put("digits.idx", &drawn(200));
    let [noise, digits] = ["noise.idx", "digits.idx"].map(|name| here.path(name));
    for (images, none) in [(&noise, true), (&digits, false)] {
        let (well, said) =
            ganvas(&["eval", "--images", text(images), "--data", text(&digits), "--json"]);
        assert!(well && said.contains("and these are none") == none, "{said}");
    }
}

#[test]
fn fetch_takes_the_sound_one_of_two_files_under_the_published_name() {
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
    let (well, said) =
        ganvas(&["fetch", "--from", text(&here.path("from")), "--to", text(&here.path("to"))]);
    assert!(well, "{said}");
    let (well, said) = here.train("to", &[]);
    assert!(well && said.contains("the 60000 digits in"), "{said}");
}

#[test]
fn a_zip_of_pictures_is_trained_on() {
    let here = Here::new();
    let files: Vec<(String, Vec<u8>)> =
        (0..N).map(|i| (format!("mine/{}/{i}.png", i % 10), png())).collect();
    let files: Vec<(&str, Vec<u8>)> =
        files.iter().map(|(name, bytes)| (name.as_str(), bytes.clone())).collect();
    here.put("mine.zip", &zip(&files));
    here.taken("mine.zip", "all have a class");
    here.put("locked.zip", b"PK\x03\x04 and then nothing that is a zip");
    let (well, said) = here.train("locked.zip", &[]);
    assert!(!well && said.trim_end().lines().count() == 1, "{said}");
}

#[test]
fn digits_are_measured_against_pictures_in_class_folders() {
    let here = Here::new();
    // Strokes of many widths and places, or the distance has nothing to go by.
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
    let (well, said) = here.train("real", &[]);
    assert!(well, "{said}");
    let (from, folder, archive) =
        (here.path("out.safetensors"), here.path("real"), here.path("real.zip"));
    let eval = |more: &[&str]| ganvas(&[&["eval", "--json", "--count", "100"], more].concat());
    let measured = |more: &[&str]| {
        let (well, said) = eval(more);
        let json = said.lines().find(|line| line.starts_with('{')).unwrap_or_default().to_owned();
        assert!(
            well && json.contains("\"compared\":100") && json.contains("\"parzen\":null"),
            "{said}"
        );
        assert!(said.contains("200 pictures of digits: all have a class"), "{said}");
        json
    };
    let by_folder = measured(&["--from", text(&from), "--data", text(&folder)]);
    assert_eq!(measured(&["--from", text(&from), "--data", text(&archive)]), by_folder);
    measured(&["--images", text(&archive), "--data", text(&folder)]);
    let (well, said) = eval(&["--from", text(&from), "--data", text(&here.path("nowhere"))]);
    assert!(!well && said.starts_with("error: ") && said.contains("nowhere"), "{said}");
}

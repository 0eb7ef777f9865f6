//! Data sets in common forms: what the reader accepts, and its errors for the
//! rest.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod reading;

use ganvas::data::reader::{Kind, Read, kind};
use ganvas::data::{PIXELS, idx};
use ganvas::{Dataset, Error};
use reading::{File, array, classes, npy, pixels, read, refused, said};

const IMAGES: &str = "train-images-idx3-ubyte";
const LABELS: &str = "train-labels-idx1-ubyte";

fn intact(count: usize) -> Vec<File> {
    vec![(IMAGES, idx::write_images(&pixels(count))), (LABELS, idx::write_labels(&classes(count)))]
}

/// Asserts that the files give the same 30 pictures, with classes or without.
#[track_caller]
fn same(files: &[File], labelled: bool) -> Read {
    let read = read(files).unwrap();
    assert!(read.pixels == pixels(30), "pixels differ");
    assert_eq!(read.classes, labelled.then(|| classes(30)));
    read
}

#[test]
fn common_file_names_are_paired() {
    for [images, labels] in [
        [IMAGES, LABELS],
        ["train-images.idx3-ubyte", "train-labels.idx1-ubyte"],
        ["train-images-idx3-ubyte (1).gz", "train-labels-idx1-ubyte (1).gz"],
        ["MNIST/raw/train-images-idx3-ubyte", "MNIST/raw/train-labels-idx1-ubyte"],
        [
            "train-images-idx3-ubyte/train-images-idx3-ubyte",
            "train-labels-idx1-ubyte/train-labels-idx1-ubyte",
        ],
        ["emnist-digits-train-images-idx3-ubyte.gz", "emnist-digits-train-labels-idx1-ubyte.gz"],
        ["x_train.npy", "y_train.npy"],
    ] {
        let [(_, pictures), (_, marks)]: [File; 2] = intact(30).try_into().unwrap();
        same(
            &[
                (labels, marks),
                (images, pictures),
                ("t10k-images-idx3-ubyte", idx::write_images(&pixels(10))),
            ],
            true,
        );
    }
}

#[test]
fn other_files_are_skipped_and_counted() {
    let mut files = intact(30);
    files.push(("README.md", b"# Fashion-MNIST".to_vec()));
    files.push(("emnist-mapping.txt", b"0 48\n1 49\n".to_vec()));
    let read = same(&files, true);
    assert_eq!(
        read.said,
        [Error::PassedOver { count: "2".into(), names: "README.md, emnist-mapping.txt".into() }]
    );
}

#[test]
fn labels_beyond_the_digits_are_left_out_and_reported() {
    let with = |labels: Vec<u8>| {
        same(
            &[(IMAGES, idx::write_images(&pixels(30))), (LABELS, idx::write_labels(&labels))],
            false,
        )
    };
    assert_eq!(said(&with((0..30).map(|i| 1 + i % 26).collect())), ["labels-beyond"]);
    assert_eq!(said(&with((0..30).map(|i| i + 17).collect())), ["labels-beyond"]);
    assert_eq!(said(&with((0..30).map(|i| 1 + i % 10).collect())), ["labels-from-one"]);
    let letters = [("emnist-letters-train-images-idx3-ubyte", idx::write_images(&pixels(30)))];
    assert_eq!(said(&same(&letters, false)), ["sideways"]);
}

#[test]
fn set_with_labels_of_digits_is_chosen_among_several() {
    let of = |labels: fn(usize) -> u8| idx::write_labels(&(0..30).map(labels).collect::<Vec<_>>());
    let read = same(
        &[
            ("emnist-balanced-train-images-idx3-ubyte", idx::write_images(&pixels(40))),
            ("emnist-balanced-train-labels-idx1-ubyte", idx::write_labels(&[46; 40])),
            ("emnist-digits-train-labels-idx1-ubyte", of(|i| (i % 10) as u8)),
            ("emnist-digits-train-images-idx3-ubyte", idx::write_images(&pixels(30))),
            ("emnist-letters-train-images-idx3-ubyte", idx::write_images(&vec![9; 30 * PIXELS])),
            ("emnist-letters-train-labels-idx1-ubyte", of(|i| 1 + (i % 26) as u8)),
        ],
        true,
    );
    assert_eq!((read.images, read.labels), (3, Some(2)));
    assert_eq!(said(&read), ["sideways", "set-chosen"]);
}

#[test]
fn qmnist_one_hot_and_float_labels_are_read() {
    let rows = |row: &dyn Fn(usize) -> Vec<u8>| (0..30).flat_map(row).collect::<Vec<u8>>();
    let qmnist = rows(&|i| {
        [i as u32 % 10, 4, 7, 12, 0, 99, 0, 0].iter().flat_map(|x| x.to_be_bytes()).collect()
    });
    let hot = rows(&|i| (0..10).map(|class| u8::from(class == i % 10)).collect());
    let images = || (IMAGES, idx::write_images(&pixels(30)));
    same(&[images(), ("train-labels-idx2-int", array(0x0c, &[30, 8], &qmnist))], true);
    same(&[images(), ("train-labels-idx2-ubyte", array(8, &[30, 10], &hot))], true);
    let floats = rows(&|i| ((i % 10) as f32).to_be_bytes().to_vec());
    same(&[images(), (LABELS, array(0x0d, &[30], &floats))], true);
}

#[test]
fn intact_file_is_preferred_to_its_damaged_copy_in_any_order() {
    let [(_, images), (_, labels)]: [File; 2] = intact(30).try_into().unwrap();
    for broken in [Vec::new(), images[..5000].to_vec(), images[..9].to_vec()] {
        let twin = ("train-images-idx3-ubyte.gz", broken);
        same(&[twin.clone(), (IMAGES, images.clone()), (LABELS, labels.clone())], true);
        same(&[(IMAGES, images.clone()), (LABELS, labels.clone()), twin], true);
    }
    for broken in [Vec::new(), labels[..20].to_vec()] {
        same(
            &[
                ("train-labels-idx1-ubyte.gz", broken),
                (IMAGES, images.clone()),
                (LABELS, labels.clone()),
            ],
            true,
        );
    }
    assert_eq!(refused(&[(IMAGES, images[..5000].to_vec()), (LABELS, labels)]), "idx-truncated");
}

#[test]
fn numpy_arrays_are_read() {
    same(&[("full_numpy_bitmap_cat.npy", npy("|u1", "False", "(30, 784)", &pixels(30)))], false);
    same(
        &[("kmnist-train-imgs.npz/arr_0.npy", npy("|u1", "False", "(30, 28, 28)", &pixels(30)))],
        false,
    );
    same(&[("x.npy", npy("|u1", "False", "(30, 1, 28, 28)", &pixels(30)))], false);
    let labelled = [
        ("mnist.npz/x_train.npy", npy("|u1", "False", "(30, 28, 28)", &pixels(30))),
        (
            "mnist.npz/y_train.npy",
            npy(
                "<i8",
                "False",
                "(30,)",
                &classes(30).iter().flat_map(|&x| i64::from(x).to_le_bytes()).collect::<Vec<_>>(),
            ),
        ),
        ("mnist.npz/x_test.npy", npy("|u1", "False", "(5, 28, 28)", &pixels(5))),
        ("mnist.npz/y_test.npy", npy("|u1", "False", "(5,)", &classes(5))),
    ];
    same(&labelled, true);
    let parts: Vec<u8> =
        pixels(30).iter().flat_map(|&x| (f32::from(x) / 255.).to_le_bytes()).collect();
    same(&[("x.npy", npy("<f4", "False", "(30, 28, 28)", &parts))], false);
    let wide: Vec<u8> = pixels(30).iter().flat_map(|&x| u16::from(x).to_be_bytes()).collect();
    same(&[("x.npy", npy(">u2", "False", "(30, 784)", &wide))], false);
    let all = pixels(30);
    let columns: Vec<u8> =
        (0..30 * PIXELS).map(|at| all[at % 30 * PIXELS + at / 30 % 28 * 28 + at / 840]).collect();
    same(&[("x.npy", npy("|u1", "True", "(30, 28, 28)", &columns))], false);
    assert_eq!(refused(&[("x.npy", npy("|O", "False", "(30,)", &[0; 99]))]), "npy-type");
    assert_eq!(refused(&[("x.npy", b"\x93NUMPY\x01\0\xff\xff{".to_vec())]), "npy-header");
    assert_eq!(
        refused(&[("x.npy", npy("|u1", "False", "(30, 28, 28)", &pixels(29)))]),
        "idx-truncated"
    );
}

fn table(header: &str, line: impl Fn(usize, &[u8]) -> Vec<String>, end: &str) -> Vec<u8> {
    let all = pixels(30);
    let lines = (0..30).map(|i| line(i, &all[i * PIXELS..][..PIXELS]).join(",") + end);
    std::iter::once(header.to_owned()).chain(lines).collect::<String>().into_bytes()
}

#[test]
fn mnist_csv_is_read() {
    let numbers = |pixels: &[u8]| pixels.iter().map(u8::to_string).collect::<Vec<_>>();
    let first = |i: usize, pixels: &[u8]| [vec![(i % 10).to_string()], numbers(pixels)].concat();
    let last = |i: usize, pixels: &[u8]| [numbers(pixels), vec![(i % 10).to_string()]].concat();
    let names =
        |prefix: &str| (0..PIXELS).map(|i| format!("{prefix}{i}")).collect::<Vec<_>>().join(",");
    same(&[("train.csv", table(&format!("label,{}\n", names("pixel")), first, "\n"))], true);
    same(
        &[(
            "train.csv",
            table(&format!("\u{feff}\"label\",{}\r\n", names("pixel")), first, "\r\n"),
        )],
        true,
    );
    same(&[("mnist_train.csv", table("", first, "\n"))], true);
    same(&[("mnist_784.csv", table(&format!("{},class\n", names("pixel")), last, "\n"))], true);
    same(
        &[("test.csv", table(&format!("{}\n", names("pixel")), |_, pixels| numbers(pixels), "\n"))],
        false,
    );
    same(&[("test.csv", table("", |_, pixels| numbers(pixels), "\n"))], false);
}

#[test]
fn csv_files_of_spreadsheets_are_read() {
    let first = |i: usize, pixels: &[u8]| {
        let numbers = pixels.iter().map(u8::to_string);
        std::iter::once((i % 10).to_string()).chain(numbers).collect::<Vec<_>>()
    };
    let names = (0..PIXELS).map(|i| format!("pixel{i}")).collect::<Vec<_>>().join(",");
    let plain = String::from_utf8(table(&format!("label,{names}\r\n"), first, "\r\n")).unwrap();
    let semicolons = plain.replace(',', ";");
    let mut decimal = semicolons.lines().map(str::to_owned).collect::<Vec<_>>();
    for line in &mut decimal[1..] {
        *line = line.split(';').map(|cell| format!("{cell},0")).collect::<Vec<_>>().join(";");
    }
    let wide = |text: &str, bytes: fn(u16) -> [u8; 2]| {
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect::<Vec<u8>>()
    };
    for (name, bytes) in [
        ("semicolons", semicolons.clone().into_bytes()),
        ("separator declared first", format!("sep=;\r\n{semicolons}").into_bytes()),
        ("decimal commas", decimal.join("\n").into_bytes()),
        ("only carriage returns", plain.replace("\r\n", "\r").into_bytes()),
        ("UTF-16, little-endian", wide(&plain.replace(',', "\t"), u16::to_le_bytes)),
        ("UTF-16, big-endian", wide(&plain, u16::to_be_bytes)),
    ] {
        println!("{name}");
        same(&[("excel.csv", bytes)], true);
    }
}

#[test]
fn other_tables_are_refused_with_their_line() {
    assert_eq!(refused(&[("a.csv", b"1,2,3\n4,5,6\n".to_vec())]), "file-unknown");
    let wide = |count: usize| format!("{}\n", vec!["1"; count].join(",")).into_bytes();
    assert_eq!(refused(&[("a.csv", wide(500))]), "csv-columns");
    let mut cut = wide(785).repeat(2);
    cut.extend_from_slice(b"1,2,3\n");
    assert_eq!(
        read(&[("a.csv", cut)]).unwrap_err(),
        Error::CsvLine { name: "a.csv".into(), line: "3".into() }
    );
    let bad = [wide(785), b"x,".to_vec(), wide(784)].concat();
    assert_eq!(refused(&[("a.csv", bad)]), "csv-line");
}

#[test]
fn other_sizes_are_scaled_or_refused_with_the_size() {
    same(&[("flat-784-images-idx2-ubyte", array(8, &[30, 784], &pixels(30)))], false);
    same(&[("nchw-images-idx4-ubyte", array(8, &[30, 1, 28, 28], &pixels(30)))], false);
    for side in [8, 16, 20, 32, 56, 64] {
        // The left half is ink.
        let picture: Vec<u8> =
            (0..side * side).map(|at| if at % side < side / 2 { 200 } else { 0 }).collect();
        let read = read(&[("a-images", array(8, &[2, side, side], &picture.repeat(2)))]).unwrap();
        assert_eq!((read.pixels.len(), said(&read)), (2 * PIXELS, vec!["scaled"]), "{side}");
        let row = &read.pixels[PIXELS + 28 * 14..][..28];
        assert!(
            row[..13].iter().all(|&x| x == 200) && row[15..].iter().all(|&x| x == 0),
            "{side}: {row:?}"
        );
    }
    let size = |rows, columns| {
        refused(&[("a", array(8, &[1, rows, columns], &vec![1; (rows * columns) as usize]))])
    };
    assert_eq!([size(28, 32), size(27, 28), size(3, 3)], ["idx-size"; 3]);
    assert_eq!(refused(&[("rgb", array(8, &[1, 28, 28, 3], &[1; 2352]))]), "shape");
}

#[test]
fn small_ranges_of_pixels_are_stretched() {
    let bits: Vec<u8> = pixels(2).iter().map(|&x| u8::from(x > 99)).collect();
    let read = read(&[("a", array(8, &[2, 28, 28], &bits))]).unwrap();
    assert_eq!(read.pixels, bits.iter().map(|&x| x * 255).collect::<Vec<_>>());
}

#[test]
fn damaged_and_unsupported_files_have_specific_errors() {
    let words = |words: &[u32], little: bool| -> Vec<u8> {
        words.iter().flat_map(|x| if little { x.to_le_bytes() } else { x.to_be_bytes() }).collect()
    };
    let with = |head: Vec<u8>| [head, pixels(30)].concat();
    let images = idx::write_images(&pixels(30));
    let doubled: Vec<u8> = images.iter().flat_map(|&byte| [byte, 0]).collect();
    let page = b"<!DOCTYPE html>\n<html><head><title>503</title>".to_vec();
    let mut tar = vec![b'a'; 512];
    tar[257..262].copy_from_slice(b"ustar");
    for (code, bytes) in [
        ("idx-order", with(words(&[2051, 30, 28, 28], true))),
        ("idx-order", with([words(&[2051], false), words(&[30, 28, 28], true)].concat())),
        ("idx-doubled", doubled),
        ("idx-count", with(words(&[2051, 4, 28, 28], false))),
        ("idx-trailing", [images.clone(), vec![0]].concat()),
        ("idx-truncated", images[..images.len() - 1].to_vec()),
        ("idx-empty", words(&[2051, 0, 28, 28], false)),
        ("data-too-large", words(&[2051, 4_000_000_000, 28, 28], false)),
        ("only-labels", idx::write_labels(&classes(9))),
        ("file-web-page", page),
        ("file-foreign", b"PAR1\0\0\0\0PAR1".to_vec()),
        ("file-foreign", b"MATLAB 5.0 MAT-file, Platform".to_vec()),
        ("file-foreign", b"\x89HDF\r\n\x1a\n".to_vec()),
        ("file-packed", b"BZh91AY&SY".to_vec()),
        ("file-packed", b"\xfd7zXZ\0".to_vec()),
        ("file-packed", tar),
        ("file-picture", b"\0\0\0\x24ftypheic\0\0\0\0mif1".to_vec()),
        ("file-picture", b"P5\n28 28\n255\n".to_vec()),
        ("file-picture", b"%PDF-1.7".to_vec()),
        ("file-picture", b"<svg xmlns='http://www.w3.org/2000/svg'>".to_vec()),
        ("file-unknown", b"hello, I am no IDX file".to_vec()),
        ("file-unknown", array(8, &[], &[9; 20])),
        ("file-empty", Vec::new()),
    ] {
        assert_eq!(refused(&[("x", bytes)]), code);
    }
    assert_eq!(refused(&[]), "no-files");
    let mut files = intact(30);
    files[1].1 = idx::write_labels(&classes(29));
    assert_eq!(refused(&files), "label-count");
}

#[test]
fn formats_are_recognised_by_their_first_bytes() {
    for picture in [
        &b"\x89PNG\r\n\x1a\n"[..],
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"BM\x10\x20\0\0\0\0\0\0\x36",
        b"RIFF\0\0\0\0WEBPVP8 ",
        b"\0\0\0\x1cftypavif",
    ] {
        assert_eq!(kind("x", picture), Kind::Picture);
    }
    assert_eq!(
        kind("x", b"BMW is a maker of cars"),
        Kind::Other(Error::FileUnknown { name: "x".into() })
    );
    assert_eq!((kind("x", b"\x1f\x8b\x08"), kind("x", b"PK\x03\x04")), (Kind::Gzip, Kind::Zip));
    assert_eq!(kind("x", b"\x40\0\0\0\0\0\0\0{\"__metadata__\""), Kind::Tensors);
}

#[test]
fn read_set_equals_the_streamed_set() {
    let read = same(&intact(30), true);
    let mut whole = Dataset::whole(read.pixels, read.classes.as_deref(), true).unwrap();
    let mut streamed = Dataset::files(true);
    let files = intact(30);
    streamed.push_labels(&files[1].1).unwrap();
    streamed.push_images(&files[0].1).unwrap();
    streamed.close().unwrap();
    assert_eq!(whole.fingerprint(), streamed.fingerprint());
    assert!(whole.usable() && whole.complete() && (whole.total(), whole.labels()) == (30, 30));
    assert!(
        (0..30).all(|i| whole.digit(i) == streamed.digit(i) && whole.label(i) == streamed.label(i))
    );
}

//! What file names say: which files belong together, which part of a data set a
//! file is, and whether it is EMNIST.

/// Words that describe the content of a file, not its data set.
const ROLES: [&str; 31] = [
    "images", "image", "imgs", "img", "pictures", "labels", "label", "labs", "lbls", "targets",
    "target", "classes", "x", "y", "idx", "idx1", "idx2", "idx3", "idx4", "ubyte", "ubytes",
    "byte", "int", "gz", "npy", "npz", "zip", "csv", "arr", "unpacked", "copy",
];

/// The part of a data set that a file is; later variants are preferred.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Test data.
    Test,
    /// The name does not say.
    Unknown,
    /// Training data.
    Train,
}

/// The words of a path in lower case, without the number that a browser adds to
/// the name of a copy.
fn words(path: &str) -> Vec<String> {
    let mut plain = path.to_lowercase();
    while let Some((before, rest)) = plain.split_once('(')
        && let Some((inside, after)) = rest.split_once(')')
        && inside.chars().all(|c| c.is_ascii_digit())
    {
        plain = format!("{before} {after}");
    }
    let words = plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

/// The words that name the data set of a file: equal for pictures and their
/// labels.
pub(super) fn stem(path: &str) -> Vec<String> {
    // NumPy calls an array without a name `arr_0`.
    let mut words: Vec<String> = words(&path.replace("arr_0", ""))
        .into_iter()
        .filter(|word| !ROLES.contains(&word.as_str()))
        .collect();
    words.sort();
    words.dedup();
    words
}

/// The part of a data set that a path names.
pub(super) fn part(path: &str) -> Part {
    let words = words(path);
    let has = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    match () {
        () if has(&["train", "training"]) => Part::Train,
        () if has(&["t10k", "test", "testing", "valid", "validation", "val"]) => Part::Test,
        () => Part::Unknown,
    }
}

/// Whether the name says EMNIST, whose pictures are transposed.
pub fn emnist(path: &str) -> bool {
    words(path).iter().any(|word| word == "emnist")
}

/// Whether a file is hidden or was added to a folder by the operating system.
pub fn is_litter(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with('.')
        || path.starts_with("__MACOSX/")
        || path.contains("/__MACOSX/")
        || ["thumbs.db", "desktop.ini"].contains(&name.to_lowercase().as_str())
}

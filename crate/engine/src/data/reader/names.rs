//! What names say: which files belong together, which part of a data set one
//! is, and whether it is EMNIST.

/// Words that say what a file holds, not of which set it is.
const ROLES: [&str; 31] = [
    "images", "image", "imgs", "img", "pictures", "labels", "label", "labs", "lbls", "targets",
    "target", "classes", "x", "y", "idx", "idx1", "idx2", "idx3", "idx4", "ubyte", "ubytes",
    "byte", "int", "gz", "npy", "npz", "zip", "csv", "arr", "unpacked", "copy",
];

/// Which part of a data set a file is; what comes later is taken first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Kept for testing.
    Test,
    /// It does not say.
    Unknown,
    /// For training.
    Train,
}

/// The words of a path in small letters, without what a browser adds to the
/// name of a copy.
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

/// Of which set a file is: equal for pictures and their labels.
pub(super) fn stem(path: &str) -> Vec<String> {
    // `arr_0` is what NumPy calls an array without a name.
    let mut words: Vec<String> = words(&path.replace("arr_0", ""))
        .into_iter()
        .filter(|word| !ROLES.contains(&word.as_str()))
        .collect();
    words.sort();
    words.dedup();
    words
}

/// The part of a data set.
pub(super) fn part(path: &str) -> Part {
    let words = words(path);
    let says = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    match () {
        () if says(&["train", "training"]) => Part::Train,
        () if says(&["t10k", "test", "testing", "valid", "validation", "val"]) => Part::Test,
        () => Part::Unknown,
    }
}

/// Whether the name says EMNIST, whose pictures lie on their side.
pub fn emnist(path: &str) -> bool {
    words(path).iter().any(|word| word == "emnist")
}

/// Whether a file only came along with a folder.
pub fn is_litter(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.starts_with('.')
        || path.starts_with("__MACOSX/")
        || path.contains("/__MACOSX/")
        || ["thumbs.db", "desktop.ini"].contains(&name.to_lowercase().as_str())
}

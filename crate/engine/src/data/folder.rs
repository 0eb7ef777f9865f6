//! The class of a picture from the name of its folder, in common forms: `3`,
//! `03`, `digit_3`, `three`, `[3]`, `3 copy`, `Sample004`.

use std::collections::{BTreeMap, BTreeSet};

use crate::data::CLASSES;

/// English and Chinese words for 0 to 9.
const WORDS: [[&str; 3]; CLASSES] = [
    ["zero", "零", "〇"],
    ["one", "一", "壹"],
    ["two", "二", "贰"],
    ["three", "三", "叁"],
    ["four", "四", "肆"],
    ["five", "五", "伍"],
    ["six", "六", "陆"],
    ["seven", "七", "柒"],
    ["eight", "八", "捌"],
    ["nine", "九", "玖"],
];

/// Words that operating systems add to the name of a copy.
const COPIES: [&str; 6] = ["copy", "kopie", "copie", "copia", "副本", "コピー"];

/// Words that mark the number after them as a class.
const LABELS: [&str; 4] = ["label", "class", "digit", "sample"];

/// The classes of pictures, from their paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classes {
    /// The class of each path, 0 to 9; `None` if its folder does not name a
    /// digit.
    pub of: Vec<Option<u8>>,
    /// Number of folders whose number is beyond the ten classes.
    pub beyond: usize,
}

/// How the numbers of folders map to classes.
#[derive(Clone, Copy)]
enum Reading {
    /// The number is the class.
    Plain,
    /// Numbers count from 1 to 10, as in Chars74K.
    FromOne,
    /// Hexadecimal character codes, as in NIST's folders: 30 to 39.
    Code,
}

/// The classes of pictures from the names of their folders; if no folder names
/// a class, from the end of the file names, e.g. `label_3.png`.
pub fn classes<T: AsRef<str>>(paths: &[T]) -> Classes {
    let folders: Vec<&str> = paths.iter().map(|path| folder(path.as_ref())).collect();
    let by_folder = read(&folders);
    if by_folder.of.iter().any(Option::is_some) || by_folder.beyond > 0 {
        return by_folder;
    }
    let labelled = |path: &str| {
        let stem = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem).to_lowercase();
        let label = LABELS.into_iter().find_map(|label| stem.rsplit_once(label))?.1;
        number(label).filter(|_| label.trim_matches(['-', '_', ' ', '=']).len() == 1)
    };
    let of = paths.iter().map(|path| labelled(path.as_ref()).and_then(class)).collect();
    Classes { of, beyond: 0 }
}

/// An order of pictures, as indices into `paths`, in which every prefix
/// contains each folder in proportion to its size. In the order of their names
/// the first thousands would be of one class, and training and measurements
/// start with the first images.
pub fn mixed<T: AsRef<str>>(paths: &[T]) -> Vec<usize> {
    let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
    let ranks: Vec<usize> = paths
        .iter()
        .map(|path| {
            let size = sizes.entry(folder(path.as_ref())).or_default();
            *size += 1;
            *size - 1
        })
        .collect();
    // The relative position of a picture in its folder; ties keep their order.
    let share = |i: usize| (ranks[i] as f64 + 0.5) / sizes[folder(paths[i].as_ref())] as f64;
    let mut order: Vec<usize> = (0..paths.len()).collect();
    order.sort_by(|&a, &b| share(a).total_cmp(&share(b)));
    order
}

/// The name of the folder that contains a file.
fn folder(path: &str) -> &str {
    path.rsplit(['/', '\\']).nth(1).unwrap_or("")
}

fn read(folders: &[&str]) -> Classes {
    let names: BTreeSet<&str> = folders.iter().copied().filter(|name| !name.is_empty()).collect();
    let numbers: BTreeSet<u32> = names.iter().filter_map(|name| number(&plain(name))).collect();
    let codes = names.iter().filter(|name| code(name).is_some()).count();
    let reading = if codes > 1 && names.iter().all(|name| is_code(name)) {
        Reading::Code
    } else if !numbers.contains(&0)
        && (from_one(&numbers) || names.iter().any(|name| is_sample(name)))
    {
        Reading::FromOne
    } else {
        Reading::Plain
    };
    let class_of = |name: &str| match (reading, number(&plain(name))) {
        (Reading::Code, _) => code(name).map(u32::from),
        (Reading::FromOne, Some(number)) => number.checked_sub(1),
        (_, number) => number,
    };
    let of = folders.iter().map(|name| class_of(name).and_then(class)).collect();
    let beyond = names
        .iter()
        .filter(|name| class_of(name).is_some_and(|number| class(number).is_none()))
        .count();
    Classes { of, beyond }
}

/// Whether folders are numbered from 1 to 10 instead of by their digit.
fn from_one(numbers: &BTreeSet<u32>) -> bool {
    numbers.contains(&10) && numbers.range(1..10).count() >= 5
}

fn class(number: u32) -> Option<u8> {
    u8::try_from(number).ok().filter(|class| usize::from(*class) < CLASSES)
}

/// The name in lower case with ASCII digits, without brackets and without the
/// suffix of a copy.
fn plain(name: &str) -> String {
    let ascii = |letter: char| match letter {
        '\u{ff10}'..='\u{ff19}' => char::from(b'0' + (letter as u32 - 0xff10) as u8),
        '[' | ']' | '(' | ')' | '{' | '}' | '_' | '-' | '=' | '#' | '.' => ' ',
        _ => letter,
    };
    let mut name: String = name.trim().to_lowercase();
    // In "3 (2)" and "3 copy 2" the last number counts copies.
    if let Some((rest, last)) = name.rsplit_once(' ')
        && last.strip_prefix('(').is_some_and(|last| last.strip_suffix(')').is_some_and(is_digits))
    {
        name = rest.to_owned();
    }
    let mut name: String = name.chars().map(ascii).collect();
    for copy in COPIES {
        if let Some(at) = name.find(copy).filter(|&at| at > 0) {
            name.truncate(at);
        }
    }
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The number that a name consists of or ends in, with all its digits: `28` is
/// not 8.
fn number(name: &str) -> Option<u32> {
    let name = plain(name);
    let rest = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let digits = &name[rest.len()..];
    if !digits.is_empty() {
        return digits.parse().ok();
    }
    let last = name.rsplit(' ').next().unwrap_or("");
    let word = WORDS.iter().position(|words| words.contains(&last))?;
    u32::try_from(word).ok()
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a name is one of Chars74K's, where Sample001 contains zeros.
fn is_sample(name: &str) -> bool {
    plain(name).strip_prefix("sample").is_some_and(|rest| is_digits(rest.trim()))
}

/// Whether a name is the hexadecimal code of an ASCII letter or digit.
fn is_code(name: &str) -> bool {
    let value = u8::from_str_radix(name, 16).ok().filter(|_| name.len() == 2);
    value.is_some_and(|value| value.is_ascii_alphanumeric())
}

fn code(name: &str) -> Option<u8> {
    let digit = name.strip_prefix('3').filter(|digit| digit.len() == 1)?;
    digit.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{classes, mixed};

    fn of(folders: &[String]) -> Vec<Option<u8>> {
        classes(&folders.iter().map(|folder| format!("set/{folder}/a.png")).collect::<Vec<_>>()).of
    }

    fn ten(name: impl Fn(usize) -> String) -> Vec<String> {
        (0..10).map(name).collect()
    }

    #[test]
    fn common_folder_names_give_classes() {
        let words =
            ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
        let chinese = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
        let all: Vec<Option<u8>> = (0..10).map(Some).collect();
        let forms: Vec<Vec<String>> = vec![
            ten(|i| format!("{i}")),
            ten(|i| format!("{i:02}")),
            ten(|i| format!("{i:03}")),
            ten(|i| format!("{:03}", i + 1)),
            ten(|i| format!("Sample{:03}", i + 1)),
            ten(|i| words[i].to_owned()),
            ten(|i| words[i].to_uppercase()),
            ten(|i| chinese[i].to_owned()),
            ten(|i| format!("digit_{i}")),
            ten(|i| format!("Digit {i}")),
            ten(|i| format!("class-{i:02}")),
            ten(|i| format!("label={i}")),
            ten(|i| format!("{:x}", 0x30 + i)),
            ten(|i| format!("[{i}]")),
            ten(|i| format!("({i})")),
            ten(|i| format!("{i} copy")),
            ten(|i| format!("{i} copy 2")),
            ten(|i| format!("{i} (2)")),
            ten(|i| format!("{i} ")),
            ten(|i| format!("{i} - Copy")),
            ten(|i| format!("{i} - Copy (3)")),
            ten(|i| char::from_u32(0xff10 + i as u32).unwrap_or(' ').to_string()),
        ];
        for form in forms {
            assert_eq!(of(&form), all, "{form:?}");
        }
        assert_eq!(of(&["Sample003".into()]), [Some(2)]);
        assert_eq!(of(&["001".into(), "009".into()]), [Some(1), Some(9)]);
        assert_eq!(of(&["3".into(), "3 copy".into()]), [Some(3), Some(3)]);
    }

    #[test]
    fn other_folder_names_give_no_class() {
        for name in ["cats", "28", "set10", "left", "A", "3d", ""] {
            assert_eq!(of(&[name.into()]), [None], "{name}");
        }
        assert_eq!(classes(&["a.png", "7.png"]).of, [None, None]);
        assert_eq!(classes(&["3/left/a.png", "3\\a.png"]).of, [None, Some(3)]);
    }

    #[test]
    fn numbered_folders_beyond_ten_have_no_class_and_are_counted() {
        let found = classes(&(0..26).map(|i| format!("{i}/a.png")).collect::<Vec<_>>());
        assert_eq!(
            (found.of[9], found.of[10], found.of[25], found.beyond),
            (Some(9), None, None, 16)
        );
        let samples = classes(&(1..=62).map(|i| format!("Sample{i:03}/a.png")).collect::<Vec<_>>());
        assert_eq!(
            (samples.of[0], samples.of[9], samples.of[10], samples.beyond),
            (Some(0), Some(9), None, 52)
        );
        let nist = classes(&["30/a.png", "39/a.png", "41/a.png", "7a/a.png"]);
        assert_eq!((nist.of, nist.beyond), (vec![Some(0), Some(9), None, None], 0));
    }

    #[test]
    fn every_prefix_of_a_mixed_set_has_the_share_of_each_folder() {
        // 300 zeros, 100 ones and 100 twos, sorted by name.
        let paths: Vec<String> = [(0, 300), (1, 100), (2, 100)]
            .into_iter()
            .flat_map(|(class, count)| (0..count).map(move |i| format!("set/{class}/{i:03}.png")))
            .collect();
        let order = mixed(&paths);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..500).collect::<Vec<_>>());
        for prefix in [50, 125, 250] {
            let zeros = order[..prefix].iter().filter(|&&i| i < 300).count();
            assert!(zeros.abs_diff(prefix * 3 / 5) <= 2, "{zeros} of {prefix}");
        }
        assert_eq!(mixed(&["c.png", "a.png", "b.png"]), [0, 1, 2]);
    }

    #[test]
    fn without_folders_file_names_give_labels() {
        let found = classes(&[
            "00012_label_3.png",
            "img-class7.jpg",
            "00012.png",
            "label_33.png",
            "digit.png",
        ]);
        assert_eq!(found.of, [Some(3), Some(7), None, None, None]);
    }
}

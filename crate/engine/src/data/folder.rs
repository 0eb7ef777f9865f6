//! The class of a picture by the name of its folder, in the ways that people
//! name them: `3`, `03`, `digit_3`, `three`, `[3]`, `3 copy`, `Sample004`.

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

/// What systems add to the name of a copy.
const COPIES: [&str; 6] = ["copy", "kopie", "copie", "copia", "副本", "コピー"];

/// Before a number, these say that it is a class's.
const LABELS: [&str; 4] = ["label", "class", "digit", "sample"];

/// What pictures are of, by their paths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classes {
    /// From 0 to 9, for each path; `None` where its folder names no digit.
    pub of: Vec<Option<u8>>,
    /// Folders that are numbered, but beyond the ten classes.
    pub beyond: usize,
}

/// How the numbers of a set's folders become classes.
#[derive(Clone, Copy)]
enum Reading {
    /// As they are.
    Plain,
    /// From 1 to 10, as in Chars74K.
    FromOne,
    /// Codes of the characters in base 16, as NIST names folders: 30 to 39.
    Code,
}

/// The classes of pictures by the folders they lie in; where no folder says
/// any, by what a file's own name ends in, such as `label_3.png`.
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

/// An order of pictures, given by their paths, in which every beginning holds
/// each folder's share of the whole. In the order of their names the first
/// thousands would be of one class, and training and measuring begin with the
/// first.
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
    // How far into its folder each lies; equal ones stay in their order.
    let share = |i: usize| (ranks[i] as f64 + 0.5) / sizes[folder(paths[i].as_ref())] as f64;
    let mut order: Vec<usize> = (0..paths.len()).collect();
    order.sort_by(|&a, &b| share(a).total_cmp(&share(b)));
    order
}

/// The name of the folder that a file lies in.
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

/// Whether folders are counted from 1 to 10 and not by the digit they hold.
fn from_one(numbers: &BTreeSet<u32>) -> bool {
    numbers.contains(&10) && numbers.range(1..10).count() >= 5
}

fn class(number: u32) -> Option<u8> {
    u8::try_from(number).ok().filter(|class| usize::from(*class) < CLASSES)
}

/// The name in small letters with digits as in ASCII, without brackets, and
/// without what a copy is called by.
fn plain(name: &str) -> String {
    let ascii = |letter: char| match letter {
        '\u{ff10}'..='\u{ff19}' => char::from(b'0' + (letter as u32 - 0xff10) as u8),
        '[' | ']' | '(' | ')' | '{' | '}' | '_' | '-' | '=' | '#' | '.' => ' ',
        _ => letter,
    };
    let mut name: String = name.trim().to_lowercase();
    // Of "3 (2)" and "3 copy 2" the last number counts copies.
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

/// The number that a name is, or ends in after a word: whole, so that `28` is
/// no 8.
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

/// Chars74K: Sample001 holds zeros.
fn is_sample(name: &str) -> bool {
    plain(name).strip_prefix("sample").is_some_and(|rest| is_digits(rest.trim()))
}

/// A letter or digit by its code in base 16.
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
    fn folders_are_classes_by_the_habits_of_many() {
        let words =
            ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
        let chinese = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
        let all: Vec<Option<u8>> = (0..10).map(Some).collect();
        let habits: Vec<Vec<String>> = vec![
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
        for habit in habits {
            assert_eq!(of(&habit), all, "{habit:?}");
        }
        assert_eq!(of(&["Sample003".into()]), [Some(2)]);
        assert_eq!(of(&["001".into(), "009".into()]), [Some(1), Some(9)]);
        assert_eq!(of(&["3".into(), "3 copy".into()]), [Some(3), Some(3)]);
    }

    #[test]
    fn names_that_are_no_digit_give_no_class() {
        for name in ["cats", "28", "set10", "left", "A", "3d", ""] {
            assert_eq!(of(&[name.into()]), [None], "{name}");
        }
        assert_eq!(classes(&["a.png", "7.png"]).of, [None, None]);
        assert_eq!(classes(&["3/left/a.png", "3\\a.png"]).of, [None, Some(3)]);
    }

    #[test]
    fn of_many_numbered_folders_the_first_ten_are_classes_and_the_rest_is_counted() {
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
    fn every_beginning_of_a_mixed_set_has_the_folders_shares() {
        // 300 zeros, 100 ones and 100 twos, in the order of their names.
        let paths: Vec<String> = [(0, 300), (1, 100), (2, 100)]
            .into_iter()
            .flat_map(|(class, count)| (0..count).map(move |i| format!("set/{class}/{i:03}.png")))
            .collect();
        let order = mixed(&paths);
        let mut sorted = order.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..500).collect::<Vec<_>>());
        for beginning in [50, 125, 250] {
            let zeros = order[..beginning].iter().filter(|&&i| i < 300).count();
            assert!(zeros.abs_diff(beginning * 3 / 5) <= 2, "{zeros} of {beginning}");
        }
        assert_eq!(mixed(&["c.png", "a.png", "b.png"]), [0, 1, 2]);
    }

    #[test]
    fn without_folders_the_label_may_be_in_the_name() {
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

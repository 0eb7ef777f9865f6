//! Truncated, damaged and forged checkpoints: never a panic, always an error
//! with a sentence, and the current run is unchanged. What loads nevertheless
//! trains. `PROPTEST_CASES=1000000 cargo test --release --package ganvas --test
//! checkpoint_fuzz` takes half an hour.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::cell::RefCell;
use std::sync::LazyLock;

use ganvas::{Config, Dataset, Session, checkpoint};
use proptest::prelude::*;

/// Small runs with every type of state: batch norm, dropout and momentum,
/// clipping and RMSProp, spectral norm, two of each net with a pool.
const RUNS: [(&str, &[(&str, &str)]); 5] = [
    ("gan", &[("g_hidden", "4"), ("d_hidden", "4"), ("latent", "2")]),
    ("goodfellow", &[("g_hidden", "4"), ("d_hidden", "4"), ("latent", "2")]),
    (
        "wgan",
        &[("net", "mlp"), ("g_hidden", "4"), ("d_hidden", "4"), ("latent", "2"), ("d_steps", "1")],
    ),
    (
        "cgan",
        &[
            ("net", "mlp"),
            ("g_hidden", "4"),
            ("d_hidden", "4"),
            ("latent", "2"),
            ("spectral", "true"),
        ],
    ),
    ("cyclegan", &[("g_channels", "1"), ("d_channels", "1"), ("blocks", "1")]),
];

fn session(recipe: &str, knobs: &[(&str, &str)]) -> Session {
    let known = |key: &&(&str, &str)| ganvas::recipe::find(recipe).unwrap().knob(key.0).is_ok();
    let batch = [("batch", "2")];
    let knobs = batch.iter().chain(knobs.iter().filter(known)).copied();
    Session::new(Config::new(recipe, 3, knobs).unwrap(), Dataset::drawn()).unwrap()
}

static FILES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let file = |(recipe, knobs): &(&str, &[(&str, &str)])| {
        let mut session = session(recipe, knobs);
        session.step().unwrap();
        checkpoint::save(&mut session).unwrap()
    };
    let mut files: Vec<_> = RUNS.iter().map(file).collect();
    let mut run = session(RUNS[0].0, RUNS[0].1);
    run.step().unwrap();
    files.push(checkpoint::save_generator(&mut run, checkpoint::Precision::Half).unwrap());
    files
});

thread_local! {
    /// The current run, which damaged files are loaded into, and its digest.
    static CURRENT: RefCell<(Session, u64)> = RefCell::new({
        let mut session = session(RUNS[0].0, RUNS[0].1);
        session.step().unwrap();
        let digest = session.digest().unwrap();
        (session, digest)
    });
}

/// The damage to a file.
#[derive(Clone, Debug)]
enum Harm {
    /// Replaces a byte of the header, often with a byte that is likely there.
    Header(usize, u8),
    /// Replaces a byte anywhere.
    Anywhere(usize, u8),
    /// Replaces a number among the weights.
    Number(usize, f32),
    /// Replaces the declared length of the header.
    Length(u64),
    /// Truncates or extends the file by this many bytes.
    Resize(i32),
    /// Replaces a word of the header with another.
    Word(usize, usize),
}

const WORDS: [&str; 20] = [
    "\"F32\"",
    "\"F16\"",
    "\"I64\"",
    "\"BOOL\"",
    "ganvas 1",
    "ganvas 2",
    "ganvas generator 1",
    "\"gan\"",
    "\"cgan\"",
    "\"cyclegan\"",
    "[0,",
    "[4294967295,",
    "[18446744073709551615,",
    "\"seed\":\"3\"",
    "\"seed\":\"-3\"",
    "average.",
    "../../etc/",
    "running_var",
    "true",
    "99999999",
];

fn harm() -> impl Strategy<Value = Harm> {
    let text =
        prop_oneof![Just(b'"'), Just(b'}'), Just(b'['), Just(b'-'), b'0'..=b'9', any::<u8>()];
    let numbers = vec![f32::NAN, f32::INFINITY, -1., 0., 3e38, -3e38, 1e-40];
    prop_oneof![
        6 => (any::<usize>(), text).prop_map(|(place, byte)| Harm::Header(place, byte)),
        2 => (any::<usize>(), any::<u8>()).prop_map(|(place, byte)| Harm::Anywhere(place, byte)),
        3 => (any::<usize>(), proptest::sample::select(numbers)).prop_map(|(i, x)| Harm::Number(i, x)),
        1 => prop_oneof![any::<u64>(), 0u64..100_000].prop_map(Harm::Length),
        1 => (-5000i32..5000).prop_map(Harm::Resize),
        5 => (0..WORDS.len(), 0..WORDS.len()).prop_map(|(from, to)| Harm::Word(from, to)),
    ]
}

fn harmed(mut file: Vec<u8>, harm: &Harm) -> Vec<u8> {
    let Some(length) = file.first_chunk::<8>().map(|first| u64::from_le_bytes(*first)) else {
        return file;
    };
    let header = (length as usize).min(file.len() - 8).max(1);
    match *harm {
        Harm::Header(place, byte) if file.len() > 8 => {
            let place = 8 + place % header.min(file.len() - 8);
            file[place] = byte;
        }
        Harm::Anywhere(place, byte) => {
            let place = place % file.len();
            file[place] = byte;
        }
        Harm::Number(i, x) if file.len() >= 12 + header => {
            let numbers = (file.len() - 8 - header) / 4;
            let place = 8 + header + 4 * (i % numbers);
            file[place..place + 4].copy_from_slice(&x.to_le_bytes());
        }
        Harm::Length(length) => file[..8].copy_from_slice(&length.to_le_bytes()),
        Harm::Resize(by) => file.resize(file.len().saturating_add_signed(by as isize), 7),
        Harm::Word(from, to) if file.len() >= 8 + header => {
            let text =
                String::from_utf8_lossy(&file[8..8 + header]).replacen(WORDS[from], WORDS[to], 3);
            let mut new = (text.len() as u64).to_le_bytes().to_vec();
            new.extend(text.as_bytes());
            new.extend(&file[8 + header..]);
            file = new;
        }
        _ => {}
    }
    file
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_files_never_panic_and_leave_the_run_unchanged(
        which in 0..RUNS.len() + 1,
        harms in proptest::collection::vec(harm(), 1..4),
    ) {
        let file = harms.iter().fold(FILES[which].clone(), harmed);
        CURRENT.with_borrow_mut(|(current, digest)| -> Result<(), TestCaseError> {
            match checkpoint::resume(current, &file) {
                Err(error) => {
                    prop_assert!(error.code() != "internal", "{}", error);
                    prop_assert_eq!(current.digest().unwrap(), *digest, "after {}", error);
                }
                Ok(_) => {
                    prop_assert_eq!(current.preview().unwrap().len(), 64 * 784);
                    if let Err(error) = current.step() {
                        prop_assert_eq!(error.code(), "not-finite");
                    }
                    *digest = current.digest().unwrap();
                    match checkpoint::save(current) {
                        // Whatever the run is now, its checkpoint loads and is
                        // the same run.
                        Ok(again) => {
                            checkpoint::resume(current, &again).unwrap();
                            prop_assert_eq!(current.digest().unwrap(), *digest);
                        }
                        // Forged moments of 3e38, with squares of 0, make
                        // weights infinite in one step: such a run is not
                        // saved.
                        Err(error) => {
                            prop_assert_eq!(error.code(), "unsaved");
                            current.restart(Config::new("gan", 3, [("batch", "2")]).unwrap()).unwrap();
                            *digest = current.digest().unwrap();
                        }
                    }
                }
            }
            Ok(())
        })?;
        if let Err(error) = checkpoint::load_generator(&file) {
            prop_assert!(error.code() != "internal", "{}", error);
        }
    }
}

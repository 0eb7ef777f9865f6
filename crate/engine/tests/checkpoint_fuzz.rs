//! Checkpoints cut, spoilt and forged: never a panic, one error that has a
//! sentence, and the run that stood there is untouched. What is taken in all
//! the same trains. `PROPTEST_CASES=1000000 cargo test --release --package
//! ganvas --test checkpoint_fuzz` takes half an hour.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::cell::RefCell;
use std::sync::LazyLock;

use ganvas::{Config, Dataset, Session, checkpoint};
use proptest::prelude::*;

/// Small runs of every kind of state: batch norm, dropout and momentum,
/// clipping and RMSProp, spectral norm, two of each with a pool.
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
    /// The run that stands there while others are brought, and its digest.
    static STANDING: RefCell<(Session, u64)> = RefCell::new({
        let mut session = session(RUNS[0].0, RUNS[0].1);
        session.step().unwrap();
        let digest = session.digest().unwrap();
        (session, digest)
    });
}

/// What is done to a file.
#[derive(Clone, Debug)]
enum Harm {
    /// A byte of the header, whose text is replaced by another likely one.
    Header(usize, u8),
    /// A byte anywhere.
    Anywhere(usize, u8),
    /// A number among the weights.
    Number(usize, f32),
    /// The declared length of the header.
    Length(u64),
    /// Cut, or prolonged.
    Resize(i32),
    /// A word of the header in place of another.
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
    fn harmed_files_never_panic_and_cost_nothing(
        which in 0..RUNS.len() + 1,
        harms in proptest::collection::vec(harm(), 1..4),
    ) {
        let file = harms.iter().fold(FILES[which].clone(), harmed);
        STANDING.with_borrow_mut(|(standing, digest)| -> Result<(), TestCaseError> {
            match checkpoint::resume(standing, &file) {
                Err(error) => {
                    prop_assert!(error.code() != "internal", "{}", error);
                    prop_assert_eq!(standing.digest().unwrap(), *digest, "after {}", error);
                }
                Ok(_) => {
                    prop_assert_eq!(standing.preview().unwrap().len(), 64 * 784);
                    if let Err(error) = standing.step() {
                        prop_assert_eq!(error.code(), "not-finite");
                    }
                    *digest = standing.digest().unwrap();
                    match checkpoint::save(standing) {
                        // Whatever it is now: what is stored can be taken up
                        // again, and is the same.
                        Ok(again) => {
                            checkpoint::resume(standing, &again).unwrap();
                            prop_assert_eq!(standing.digest().unwrap(), *digest);
                        }
                        // Forged moments, of 3e38 beside squares of 0, make
                        // weights infinite in one step: that is stored nowhere.
                        Err(error) => {
                            prop_assert_eq!(error.code(), "unsaved");
                            standing.restart(Config::new("gan", 3, [("batch", "2")]).unwrap()).unwrap();
                            *digest = standing.digest().unwrap();
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

//! Runs on images of other shapes than digits: every recipe trains, is saved,
//! resumes and is sampled; what takes only digits refuses them.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ganvas::data::{Domains, Images, Sample, Shape, Side};
use ganvas::metric::{Judge, School};
use ganvas::recipe::{self, Choice, Recipe, Trainer};
use ganvas::watch::Watch;
use ganvas::{Config, Dataset, Session, StepOutcome, checkpoint};

const IMAGES: usize = 50;

/// Grey and colour images, with other numbers of classes than ten.
const SAMPLES: [Sample; 2] = [
    Sample { shape: Shape::image(20, 12, 1), classes: 3 },
    Sample { shape: Shape::image(16, 16, 3), classes: 12 },
];

/// Random images with labels.
fn data(Sample { shape, classes }: Sample) -> Dataset {
    let mut state = 1u32;
    let mut byte = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    };
    let bytes = (0..IMAGES * shape.size()).map(|_| byte()).collect();
    let labels = (0..IMAGES).map(|_| byte() % classes as u8).collect();
    Dataset::images(Images { shape, bytes }, classes, Some(labels)).unwrap()
}

/// The recipe with narrow nets of a form; knobs that it does not have are
/// ignored.
fn config(recipe: &Recipe, form: &'static str) -> Config {
    let narrow = [
        ("batch", "4"),
        ("latent", "5"),
        ("g_hidden", "8"),
        ("d_hidden", "8"),
        ("g_channels", "2"),
        ("d_channels", "2"),
        ("net", form),
    ];
    let known = narrow.into_iter().filter(|(key, _)| recipe.knob(key).is_ok());
    Config::new(recipe.id, 3, known).unwrap()
}

fn train(session: &mut Session, steps: u32) {
    for _ in 0..steps {
        assert_eq!(session.step().unwrap(), StepOutcome::Done);
    }
}

#[test]
fn every_recipe_trains_saves_resumes_and_samples_other_shapes() {
    for sample in SAMPLES {
        let size = sample.shape.size();
        for (recipe, form) in
            recipe::ALL.iter().flat_map(|recipe| [(recipe, "conv"), (recipe, "mlp")])
        {
            let what = format!("{} {form} {sample}", recipe.id);
            let mut whole = Session::new(config(recipe, form), data(sample)).unwrap();
            assert_eq!(whole.config().sample, sample, "{what}");
            train(&mut whole, 10);
            let bytes = checkpoint::save(&mut whole).unwrap();
            let mut resumed = checkpoint::load(&bytes, data(sample)).unwrap();
            assert_eq!(resumed.digest().unwrap(), whole.digest().unwrap(), "{what}");
            train(&mut whole, 10);
            train(&mut resumed, 10);
            assert_eq!(resumed.digest().unwrap(), whole.digest().unwrap(), "{what}, resumed");
            assert_eq!(whole.preview().unwrap().len(), 64 * size, "{what}");
            let samples = whole.sample(5, 1, None).unwrap();
            assert_eq!(samples.len(), 5 * size, "{what}");
            assert_eq!(samples, resumed.sample(5, 1, None).unwrap(), "{what}");
            assert_eq!(whole.real(3).len(), 3 * size, "{what}");
            let image = vec![0.5; size];
            assert_eq!(whole.inspect().score(&image, 1).unwrap().1.len(), size, "{what}");
            assert_eq!(whole.inspect().iteration().real.len() % size, 0, "{what}");
            let filters = whole.inspect().filters();
            assert_eq!(filters.pixels.len(), filters.count * filters.height * filters.width);
            let generator =
                checkpoint::save_generator(&mut whole, checkpoint::Precision::Half).unwrap();
            let generator = checkpoint::load_generator(&generator).unwrap();
            let mut alone = Session::of_generator(&generator, data(sample)).unwrap();
            assert_eq!(alone.sample(5, 1, None).unwrap().len(), 5 * size, "{what}");
            match recipe.trainer {
                Trainer::Duel => {
                    let latent = [0.1; 32][..latents(&whole)].to_vec();
                    assert_eq!(whole.latent().unwrap().decode(&latent, 2).unwrap().len(), size);
                    whole.latent().unwrap().directions().unwrap();
                    let mut search =
                        whole.latent().unwrap().inversion(&samples[..size], 1).unwrap();
                    whole.latent().unwrap().invert(&mut search).unwrap();
                    assert_eq!(search.best().1.len(), size, "{what}");
                }
                Trainer::Cycle => {
                    let seen = whole.domains().unwrap().translate(Side::A, &[0, 2]).unwrap();
                    assert_eq!([seen.given.len(), seen.made.len(), seen.back.len()], [2 * size; 3]);
                    assert_eq!(
                        whole.domains().unwrap().translate_image(&samples[..size]).unwrap().len(),
                        2 * size
                    );
                }
            }
        }
    }
}

fn latents(session: &Session) -> usize {
    session.config().hyper.latents().width()
}

#[test]
fn conditional_gan_has_the_classes_of_its_data() {
    for sample in SAMPLES {
        let mut session =
            Session::new(config(recipe::find("cgan").unwrap(), "conv"), data(sample)).unwrap();
        train(&mut session, 2);
        assert_eq!(session.classes(), sample.classes);
        assert_eq!(session.labels_of(40, None).into_iter().max(), Some(sample.classes as u8 - 1));
        let latent = vec![0.3; latents(&session)];
        let last = sample.classes as u8 - 1;
        assert_ne!(
            session.latent().unwrap().decode(&latent, 0).unwrap(),
            session.latent().unwrap().decode(&latent, last).unwrap()
        );
        assert_eq!(
            session.latent().unwrap().decode(&latent, last + 1).unwrap_err().code(),
            "class"
        );
    }
}

#[test]
fn domains_accept_other_shapes_if_they_keep_the_shape() {
    let recipe = recipe::find("cyclegan").unwrap();
    let refused = |sample: Sample, domains: Domains| {
        let mut config = config(recipe, "conv");
        config.hyper.domains = domains;
        let mut session = match Session::new(config, data(sample)) {
            Ok(session) => session,
            Err(error) => return Some(error.code()),
        };
        train(&mut session, 2);
        None
    };
    for domains in Domains::ThickThin.options() {
        let mut chosen = Domains::ThickThin;
        assert!(chosen.choose(domains));
        let of = SAMPLES.map(|sample| refused(sample, chosen));
        let other = Some("other-shape");
        let expected = match chosen {
            Domains::Drawn => [other; 2],
            Domains::QuarterTurn => [other, None],
            _ => [None; 2],
        };
        assert_eq!(of, expected, "{domains}");
    }
}

#[test]
fn checkpoint_is_refused_on_data_of_another_shape_and_the_old_run_stays() {
    let recipe = recipe::find("gan").unwrap();
    let mut session = Session::new(config(recipe, "mlp"), data(SAMPLES[0])).unwrap();
    train(&mut session, 2);
    let bytes = checkpoint::save(&mut session).unwrap();
    assert_eq!(checkpoint::load(&bytes, Dataset::drawn()).err().unwrap().code(), "other-shape");
    assert!(checkpoint::load(&bytes, Dataset::empty()).is_ok(), "empty data fit any shape");
    let mut old = Session::new(config(recipe, "mlp"), Dataset::drawn()).unwrap();
    train(&mut old, 2);
    let digest = old.digest().unwrap();
    assert_eq!(checkpoint::resume(&mut old, &bytes).unwrap_err().code(), "other-shape");
    assert_eq!(old.digest().unwrap(), digest);
    old.replace_data(data(SAMPLES[1])).unwrap();
    assert_eq!((old.steps(), old.config().sample), (0, SAMPLES[1]));
    train(&mut old, 1);
    let odd = Sample { shape: Shape::image(21, 12, 1), classes: 3 };
    let conv = Session::new(config(recipe::find("dcgan").unwrap(), "conv"), data(odd));
    assert_eq!(conv.err().unwrap().code(), "net-shape");
}

#[test]
fn file_without_a_sample_is_of_digits() {
    let recipe = recipe::find("gan").unwrap();
    let mut session = Session::new(config(recipe, "mlp"), Dataset::drawn()).unwrap();
    train(&mut session, 2);
    let bytes = checkpoint::save(&mut session).unwrap();
    let (_, header) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let metadata = header.metadata().clone().unwrap();
    assert_eq!([&metadata["sample"], &metadata["classes"]], ["28x28x1", "10"]);
    let with = |sample: Option<&str>| {
        let mut metadata = metadata.clone();
        match sample {
            Some(sample) => drop(metadata.insert("sample".into(), sample.into())),
            None => drop((metadata.remove("sample"), metadata.remove("classes"))),
        }
        let tensors = safetensors::SafeTensors::deserialize(&bytes).unwrap();
        let file = safetensors::serialize(tensors.tensors(), Some(metadata)).unwrap();
        checkpoint::load(&file, Dataset::drawn())
    };
    assert_eq!(with(None).unwrap().digest().unwrap(), session.digest().unwrap());
    for wrong in ["28x28", "0x28x1", "99999999999x99999999999x9", "28x28x1x1", "a"] {
        assert_eq!(with(Some(wrong)).err().unwrap().code(), "checkpoint", "{wrong}");
    }
    assert_eq!(with(Some("20x12x1")).err().unwrap().code(), "other-shape");
}

#[test]
fn judge_refuses_other_shapes_and_the_watch_works_without_it() {
    let recipe = recipe::find("gan").unwrap();
    let mut session = Session::new(config(recipe, "mlp"), data(SAMPLES[0])).unwrap();
    let mut watch = Watch::default();
    watch.set_judge(Judge::ready().unwrap());
    for _ in 0..60 {
        train(&mut session, 1);
        watch.record(&session);
        assert!(!watch.judges() && !watch.quick_survey_due() && !watch.survey_due());
    }
    assert_eq!(watch.quick_survey(&mut session).unwrap(), None);
    watch.begin_survey(true);
    assert!(!watch.surveying() && !watch.unknown_kind());
    assert_eq!(watch.classify(&[0.5; 240]).unwrap(), Vec::<f32>::new());
    watch.check();
    let taught = School::new(data(SAMPLES[0]), 10);
    assert_eq!(taught.err().unwrap().code(), "other-shape");
    let mut judge = Judge::ready().unwrap();
    assert_eq!(judge.fit_known(&mut data(SAMPLES[1])).unwrap_err().code(), "other-shape");
    assert_eq!(judge.judge(&[0.; 240]).err().unwrap().code(), "digit-size");
}

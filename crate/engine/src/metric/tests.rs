//! Measures of sets with known results.

use super::*;
use crate::kernel::normals;
use crate::rng::{Purpose, stream, uniforms};

/// (count, width) numbers of N(mean, deviation^2).
fn gaussian(count: usize, width: usize, mean: f32, deviation: f32, seed: u32) -> Vec<f32> {
    let mut rows = vec![0f32; count * width];
    normals(&mut stream(seed, Purpose::Samples), &mut rows);
    rows.iter_mut().for_each(|x| *x = mean + deviation * *x);
    rows
}

/// `count` drawn digits from digit `from` on, pixels in [0, 1].
fn digits(from: u32, count: u32) -> Vec<f32> {
    let indices: Vec<u32> = (from..from + count).collect();
    let mut pixels = vec![0f32; indices.len() * 784];
    crate::Dataset::drawn().write_batch(&indices, &mut pixels);
    pixels
}

#[test]
fn frechet_of_gaussians_equals_the_closed_form() {
    let n = 40_000;
    let (a, b) = (gaussian(n, 3, 0., 1., 1), gaussian(n, 3, 2., 3., 2));
    // 3 columns of (0 - 2)^2 + (1 - 3)^2.
    assert!((frechet(&a, &b, 3) - 24.).abs() < 0.5, "{}", frechet(&a, &b, 3));
    assert!(frechet(&a, &a, 3).abs() < 1e-6);
    // Correlated columns: [x, x + y / 10] against itself with the opposite sign
    // of x in the second.
    let pairs = |sign: f32| -> Vec<f32> {
        a.chunks(3).flat_map(|r| [r[0], sign * r[0] + 0.1 * r[1]]).collect()
    };
    // Covariances [[1, s], [s, 1.01]] with s = 1 and -1: for two columns tr
    // M^(1/2) is the square root of tr M + 2 (det M)^(1/2).
    let expected = 4.02 - 2. * (0.0201f64 + 2. * 0.01).sqrt();
    let got = frechet(&pairs(1.), &pairs(-1.), 2);
    assert!((got - expected).abs() < 0.1, "{got}, {expected}");
}

#[test]
fn divergence_is_0_for_equal_shares_and_ln_10_for_one_class() {
    let judged = |classes: Vec<u8>| Judged {
        confidences: vec![0.5; classes.len()],
        classes,
        ..Judged::default()
    };
    let equal = classes(&judged((0..100).map(|i| i % 10).collect()));
    assert!(equal.divergence.abs() < 1e-12 && (equal.confidence - 0.5).abs() < 1e-6);
    let one = classes(&judged(vec![3; 50]));
    assert!((one.divergence - 10f64.ln()).abs() < 1e-12 && one.shares[3] > 0.999);
}

#[test]
fn judge_is_sure_from_a_probability_of_0_95() {
    let judged = Judged { confidences: vec![0.94, 0.951, 1., 0.3], ..Judged::default() };
    assert_eq!(sure(&judged.confidences), 0.5);
    assert_eq!(sure(&[]), 0.);
}

#[test]
fn window_on_one_sample_is_the_gaussian_density() {
    let sample = vec![0.5f32; 4];
    let test = [0.5f32, 0.5, 0.5, 0.7];
    let found = parzen(&sample, &sample, &test, 4);
    // The narrowest window is best for a sample that is matched exactly.
    let expected = -0.04 / (2. * 0.01) - 4. * (0.1 * (2. * std::f64::consts::PI).sqrt()).ln();
    assert!((found.sigma - 0.1).abs() < 1e-12 && (found.mean - expected).abs() < 1e-4, "{found:?}");
    assert_eq!(found.error, 0.);
}

#[test]
fn parzen_estimates_width_and_error() {
    let (samples, validation, test) =
        (gaussian(400, 5, 0., 1., 1), gaussian(100, 5, 0., 1., 2), gaussian(200, 5, 0., 1., 3));
    let near = parzen(&samples, &validation, &test, 5);
    let far = parzen(&gaussian(400, 5, 3., 1., 4), &validation, &test, 5);
    // The entropy of the Gaussian bounds every estimate.
    let bound = -2.5 * (2. * std::f64::consts::PI * std::f64::consts::E).ln();
    assert!(near.mean < bound + 3. * near.error && near.mean > bound - 1.5, "{near:?}, {bound}");
    assert!(far.mean < near.mean - 3. && near.error > 0. && near.sigma > 0.1);
}

#[test]
fn prdc_distinguishes_copies_collapse_and_noise() {
    let (real, other) = (gaussian(500, 8, 0., 1., 1), gaussian(500, 8, 0., 1., 2));
    let same = prdc(&real, &other, 8);
    assert!(same.precision > 0.6 && same.recall > 0.6 && same.coverage > 0.9, "{same:?}");
    assert!((same.density - 1.).abs() < 0.2, "{same:?}");
    let copies = prdc(&real, &real, 8);
    assert_eq!((copies.precision, copies.recall, copies.coverage), (1., 1., 1.));
    let collapsed = prdc(&real, &gaussian(500, 8, 0., 0.01, 3), 8);
    assert!(
        collapsed.precision > 0.9 && collapsed.recall < 0.05 && collapsed.coverage < 0.5,
        "{collapsed:?}"
    );
    let away = prdc(&real, &gaussian(500, 8, 50., 1., 3), 8);
    assert_eq!((away.precision, away.recall, away.density, away.coverage), (0., 0., 0., 0.));
}

#[test]
fn few_bins_differ_between_equal_sets_and_many_after_collapse() {
    let real = digits(0, 2000);
    assert!(different_bins(&real, &digits(2000, 2000), 784, 1) < 10, "halves of one set");
    let repeated = different_bins(&real, &digits(4000, 1).repeat(2000), 784, 1);
    assert!(repeated > BINS / 2, "one digit 2,000 times: {repeated}");
    let mut noise = vec![0f32; 2000 * 784];
    uniforms(&mut stream(1, Purpose::Samples), &mut noise, 0., 1.);
    assert!(
        different_bins(&real, &noise, 784, 1) > different_bins(&real, &digits(2000, 2000), 784, 1)
    );
}

#[test]
fn judge_learns_saves_and_loads() {
    let mut data = crate::Dataset::drawn();
    let mut training = Training::new(5, 1, &data).unwrap();
    let losses: Vec<f32> = (0..60).map(|_| training.step(&mut data).unwrap()).collect();
    let mean = |part: &[f32]| part.iter().sum::<f32>() / part.len() as f32;
    assert!(mean(&losses[50..]) < 0.6 * mean(&losses[..5]), "{losses:?}");
    let bytes = training.finish(&mut data).unwrap().save("a test").unwrap();
    assert!(bytes.len() <= 170_000, "{} bytes", bytes.len());
    let mut judge = Judge::load(&bytes).unwrap();
    let (pixels, right) = (digits(50_000, 300), |judged: &Judged| {
        let found = judged.classes.iter().zip(50_000..);
        found.filter(|(class, i)| Some(**class) == data.label(*i)).count()
    });
    let judged = judge.judge(&pixels).unwrap();
    assert_eq!((judged.features.len(), judged.confidences.len()), (300 * FEATURES, 300));
    assert!(right(&judged) > 150, "{} of 300 right", right(&judged));
    assert!(Judge::load(&bytes[..1000]).is_err());
}

#[test]
fn ready_judge_distinguishes_blur_one_class_and_noise_from_digits() {
    let mut judge = Judge::ready().unwrap();
    let pixels = digits(0, 600);
    let judged = judge.judge(&pixels).unwrap();
    let data = crate::Dataset::drawn();
    let right =
        judged.classes.iter().zip(0..).filter(|(class, i)| Some(**class) == data.label(*i)).count();
    assert!(right > 540, "{right} of 600 drawn digits right");
    let mut noise = vec![0f32; 300 * 784];
    uniforms(&mut stream(1, Purpose::Samples), &mut noise, 0., 1.);
    let (noise, half) = (judge.judge(&noise).unwrap(), 300 * FEATURES);
    let floor = frechet(&judged.features[..half], &judged.features[half..], FEATURES);
    let far = frechet(&judged.features[..half], &noise.features, FEATURES);
    assert!(far > 5. * floor, "noise at {far}, halves at {floor}");

    let blurred =
        judge.judge(&pixels[..300 * 784].chunks(784).flat_map(blur).collect::<Vec<f32>>()).unwrap();
    let soft = frechet(&judged.features[half..], &blurred.features, FEATURES);
    assert!(soft > 5. * floor, "blurred digits at {soft}, halves at {floor}");
    let ones: Vec<f32> = (0..3000)
        .filter(|&i| data.label(i) == Some(1))
        .take(200)
        .flat_map(|i| digits(i, 1))
        .collect();
    let ones = judge.judge(&ones).unwrap();
    assert!(classes(&ones).divergence > 1.8 && classes(&judged).divergence < 0.1);
    assert!(prdc(&judged.features[..half], &ones.features, FEATURES).recall < 0.3);
}

#[test]
fn judge_recognises_images_that_are_not_digits() {
    let mut judge = Judge::ready().unwrap();
    let digits = digits(0, 400);
    let mut share = |pixels: &[f32]| recognised(&judge.judge(pixels).unwrap()).share;
    let real = share(&digits);
    assert!(real > 0.6, "{real} of drawn digits");
    for (name, pixels) in odd::sets(&digits) {
        let most = match name {
            "digits blurred by 3 x 3" => continue, // still digits
            "upper halves" | "left halves" | "halves of two digits" | "two digits overlaid" => real,
            "lines" => 0.5 * real,
            "letters" | "rotated by 90 degrees" => 0.35 * real,
            // A person can also read some of these.
            "digits blurred by 5 x 5" => 0.6 * real,
            "digits blurred by 7 x 7" => 0.1 * real,
            "blobs" => 0.25 * real,
            _ => 0.01,
        };
        let found = share(&pixels);
        assert!(found <= most, "{name}: {found} recognised as digits, {real} of digits");
    }
}

/// A digit with each pixel the mean of the 5 x 5 around it.
fn blur(digit: &[f32]) -> Vec<f32> {
    let near = |at: usize| {
        let around = |k: usize| (k % 28).saturating_sub(2)..(k % 28 + 3).min(28);
        let rows = around(at / 28);
        rows.flat_map(|row| around(at).map(move |column| digit[row * 28 + column])).sum::<f32>()
            / 25.
    };
    (0..784).map(near).collect()
}

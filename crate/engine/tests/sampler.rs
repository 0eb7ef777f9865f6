//! Which images the sampler draws, and when.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::HashSet;

use ganvas::data::{FIRST, Place, Sampler};

#[test]
fn every_pass_draws_every_image_once() {
    for total in [1, 2, 3, 100, FIRST - 1, FIRST, FIRST + 1, 5000, 60_000] {
        let (mut sampler, mut drawn, mut last) = (Sampler::new(7), Vec::new(), Vec::new());
        for pass in 0..3u32 {
            assert_eq!((sampler.epoch(total), sampler.left(total)), (f64::from(pass), total));
            assert_eq!(sampler.seen(total), u64::from(pass) * u64::from(total));
            sampler.draw(total, total, &mut drawn);
            assert_eq!(
                drawn.iter().collect::<HashSet<_>>().len(),
                total as usize,
                "pass {pass} of {total}"
            );
            assert!(drawn.iter().all(|&i| i < total) && (total < 100 || drawn != last));
            last.clone_from(&drawn);
        }
    }
}

/// A pixel is a byte, and MNIST arrives packed to a fifth: 10 Mbit/s load about
/// 7,500 images per second.
#[test]
fn the_window_grows_by_two_images_per_draw_until_it_has_all() {
    let (total, batch) = (60_000, 16);
    let (mut sampler, mut drawn) = (Sampler::new(1), Vec::new());
    assert_eq!(sampler.needs(batch, total), FIRST, "training starts with the first images");
    let mut quarters = [0; 4];
    while sampler.needs(batch, total) < total {
        let (draws, open) = (sampler.seen(total) as u32, sampler.needs(batch, total));
        assert!(
            open <= FIRST + 2 * (draws + batch) && open + FIRST > 2 * draws,
            "the window has {open} images after {draws} draws"
        );
        sampler.draw(batch, total, &mut drawn);
        drawn.iter().for_each(|&i| quarters[(4 * i / open) as usize] += 1);
    }
    // (60,000 - 2,048) / 2, and no more than a block of draws later.
    assert!(
        (28_976..30_000 + batch).contains(&(sampler.seen(total) as u32)),
        "{}",
        sampler.seen(total)
    );
    // A pass draws no image twice: it draws recent ones of the window more
    // often, and still the first ones.
    assert!(quarters.is_sorted() && quarters[0] > 1000, "{quarters:?}");
}

/// `tests/reference/test_go_on.py` checks the PyTorch side for the same draws.
#[test]
fn the_first_draws_of_two_passes_are_fixed() {
    let (mut sampler, mut drawn) = (Sampler::new(5), Vec::new());
    sampler.draw(8, 60_000, &mut drawn);
    assert_eq!(drawn, [1695, 427, 1764, 170, 1722, 1851, 353, 979]);
    sampler.restore(Place::Drawn(60_000));
    sampler.draw(8, 60_000, &mut drawn);
    assert_eq!(drawn, [35581, 49923, 54916, 14940, 38321, 47375, 16878, 762]);
}

#[test]
fn a_run_saved_with_the_staged_order_resumes_from_as_many_draws() {
    let total = 10_000;
    let limits = [2048, 2048, 4096, 4096, 8192, 8192, total, total];
    for epoch in 0..limits.len() {
        let mut sampler = Sampler::new(7);
        sampler.restore(Place::Staged(epoch as u32, 100));
        let before: u32 = limits[..epoch].iter().sum();
        assert_eq!(sampler.seen(total), u64::from(before) + 100);
        assert_eq!(
            sampler.state(),
            Place::Staged(epoch as u32, 100),
            "the place stays until the first draw"
        );
        let (mut drawn, mut expected) = (Vec::new(), Vec::new());
        sampler.draw(50, total, &mut drawn);
        let mut present = Sampler::new(7);
        present.restore(Place::Drawn(u64::from(before) + 100));
        present.draw(50, total, &mut expected);
        assert_eq!((drawn, sampler.state()), (expected, Place::Drawn(u64::from(before) + 150)));
    }
}

#[test]
fn the_order_does_not_depend_on_batch_sizes() {
    let total = 5000;
    let mut whole = Vec::new();
    Sampler::new(3).draw(60_000, total, &mut whole);
    let (mut sampler, mut pieces, mut batch) = (Sampler::new(3), Vec::new(), Vec::new());
    for size in (1..).map(|i| i * 37 % 401) {
        assert!(sampler.needs(size, total) <= total);
        let needed = sampler.needs(size, total);
        sampler.draw(size, total, &mut batch);
        assert!(batch.iter().all(|&i| i < needed), "draws only from the images that it needs");
        pieces.extend_from_slice(&batch);
        let state = sampler.state();
        sampler = Sampler::new(3);
        sampler.restore(state);
        if pieces.len() >= whole.len() {
            break;
        }
    }
    assert_eq!(pieces[..whole.len()], whole);
    Sampler::new(4).draw(60_000, total, &mut batch);
    assert_ne!(batch, whole, "another seed, another order");
}

#[test]
fn tiny_sets_and_sets_that_shrink_can_be_drawn_from() {
    let (mut sampler, mut batch) = (Sampler::new(0), Vec::new());
    sampler.draw(8, 0, &mut batch);
    assert!(batch.is_empty() && sampler.needs(8, 0) == 0);
    sampler.draw(1024, 1, &mut batch);
    assert_eq!((batch.len(), batch.iter().sum::<u32>(), sampler.seen(1)), (1024, 0, 1024));
    assert_eq!(sampler.needs(u32::MAX, 3), 3);
    let mut sampler = Sampler::new(0);
    sampler.draw(20_000, 60_000, &mut batch);
    assert!(batch.iter().any(|&i| i > 5000));
    sampler.draw(20_000, 5000, &mut batch);
    assert!(batch.len() == 20_000 && batch.iter().all(|&i| i < 5000));
    assert!(sampler.epoch(60).is_finite());
    for place in
        [Place::Staged(u32::MAX, u32::MAX), Place::Drawn(u64::MAX), Place::Drawn(u64::MAX - 50)]
    {
        sampler.restore(place);
        assert_eq!(sampler.needs(100, 10), 10);
        sampler.draw(100, 10, &mut batch);
        assert!(batch.len() == 100 && batch.iter().all(|&i| i < 10) && sampler.left(10) <= 10);
    }
    assert_eq!((sampler.left(0), sampler.epoch(0).is_finite()), (0, true));
}

#[test]
fn the_first_draw_is_uniform_over_seeds() {
    let mut first = [0u32; 3];
    let mut batch = Vec::new();
    for seed in 0..3000 {
        Sampler::new(seed).draw(1, 3, &mut batch);
        first[batch[0] as usize] += 1;
    }
    assert!(first.iter().all(|count| (900..1100).contains(count)), "{first:?}");
}

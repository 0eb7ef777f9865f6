//! Area scaling: each pixel is the mean of the area that it covers, so no ink
//! is lost and edges do not ring.

/// For each index of the new side: the indices of the old side that it covers,
/// and their shares.
fn shares(from: usize, to: usize) -> Vec<Vec<(usize, f32)>> {
    let step = from as f64 / to as f64;
    let place = |index: usize| {
        let (begin, end) = (index as f64 * step, (index + 1) as f64 * step);
        let parts = (begin as usize..from.min(end.ceil() as usize)).filter_map(|at| {
            let share = (end.min(at as f64 + 1.) - begin.max(at as f64)) / step;
            (share > 1e-9).then_some((at, share as f32))
        });
        parts.collect()
    };
    (0..to).map(place).collect()
}

/// Scales `values`, (high, wide), to (down, across).
pub(super) fn scale(
    values: &[f32],
    (wide, high): (usize, usize),
    (across, down): (usize, usize),
) -> Vec<f32> {
    if (wide, high) == (across, down) {
        return values.to_vec();
    }
    let columns = shares(wide, across);
    let mut narrow = Vec::with_capacity(across * high);
    for row in values.chunks_exact(wide) {
        narrow.extend(
            columns
                .iter()
                .map(|parts| parts.iter().map(|&(at, share)| row[at] * share).sum::<f32>()),
        );
    }
    let mut scaled = vec![0.; across * down];
    for (parts, row) in shares(high, down).iter().zip(scaled.chunks_exact_mut(across)) {
        for &(at, share) in parts {
            for (value, &other) in row.iter_mut().zip(&narrow[at * across..][..across]) {
                *value += other * share;
            }
        }
    }
    scaled
}

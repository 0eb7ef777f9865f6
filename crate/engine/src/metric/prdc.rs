//! Precision, recall, density and coverage by nearest neighbours (Naeem et al.
//! 2020, arXiv:2002.09797).

use super::distances::each_row;

/// Number of neighbours: the paper's k.
const NEIGHBOURS: usize = 5;

/// All in [0, 1] except density, whose mean is 1 if both sets have one
/// distribution.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prdc {
    /// Share of the generated digits within reach of a real one.
    pub precision: f64,
    /// Share of the real digits within reach of a generated one.
    pub recall: f64,
    /// Mean number of real digits whose reach contains a generated one, divided
    /// by k.
    pub density: f64,
    /// Share of the real digits with a generated one within reach.
    pub coverage: f64,
}

/// The measures of rows of `width` features; the reach of a digit is the
/// distance to its fifth neighbour in its own set, 0 in sets of five or fewer.
pub fn prdc(real: &[f32], fake: &[f32], width: usize) -> Prdc {
    let (reach_real, reach_fake) = (reach(real, width), reach(fake, width));
    let (reals, fakes) = (reach_real.len(), reach_fake.len());
    let (mut close_fakes, mut contained, mut reals_found, mut covered) = (0, 0, 0, 0);
    let mut counts = vec![0u32; fakes];
    each_row(real, fake, width, |i, distances| {
        let mut any = false;
        for (count, &distance) in counts.iter_mut().zip(distances) {
            if distance < reach_real[i] {
                *count += 1;
                any = true;
            }
        }
        covered += usize::from(any);
        reals_found += usize::from(
            distances.iter().zip(&reach_fake).any(|(distance, reach)| distance < reach),
        );
    });
    for &count in &counts {
        close_fakes += usize::from(count > 0);
        contained += count as usize;
    }
    let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
    Prdc {
        precision: share(close_fakes, fakes),
        recall: share(reals_found, reals),
        density: share(contained, fakes) / NEIGHBOURS as f64,
        coverage: share(covered, reals),
    }
}

/// The squared distance of each row to its k-th neighbour among the others.
fn reach(rows: &[f32], width: usize) -> Vec<f32> {
    let mut reach = Vec::with_capacity(rows.len() / width);
    let mut row = Vec::new();
    each_row(rows, rows, width, |i, distances| {
        row.clear();
        // Without the row itself, whose distance rounding can make larger than
        // 0.
        row.extend(
            distances.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, &distance)| distance),
        );
        let kth = (row.len() >= NEIGHBOURS)
            .then(|| *row.select_nth_unstable_by(NEIGHBOURS - 1, f32::total_cmp).1);
        reach.push(kth.unwrap_or(0.));
    });
    reach
}

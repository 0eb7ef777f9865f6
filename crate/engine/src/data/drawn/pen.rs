//! The pen: a smooth curve through points, and its ink on the image.
//!
//! It uses only sums, products, quotients and square roots, which IEEE 754
//! rounds the same on every machine.

use crate::data::{PIXELS, SIDE};

/// A position of the pen, and half the width of its line there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Nib {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) r: f32,
}

/// Appends to `path` the points of a smooth curve through `stroke`, one about
/// every `spacing`: a centripetal Catmull-Rom spline
/// (doi:10.1016/j.cad.2010.08.008), broken where two points coincide.
pub(super) fn smooth(stroke: &[Nib], spacing: f32, path: &mut Vec<Nib>) {
    for i in 1..stroke.len() {
        let (a, b) = (stroke[i - 1], stroke[i]);
        let length = distance(a, b);
        if length == 0.0 {
            continue;
        }
        let before = i.checked_sub(2).map(|i| stroke[i]).filter(|p| distance(*p, a) > 0.0);
        let after = stroke.get(i + 1).copied().filter(|p| distance(b, *p) > 0.0);
        // At an end the curve is a parabola: its tangent there follows from the
        // other tangent.
        let chord = (b.x - a.x, b.y - a.y);
        let (leave, arrive) = match (before, after) {
            (Some(before), Some(after)) => {
                (tangent(before, a, b, length), tangent(a, b, after, length))
            }
            (None, Some(after)) => {
                let arrive = tangent(a, b, after, length);
                (mirror(chord, arrive), arrive)
            }
            (Some(before), None) => {
                let leave = tangent(before, a, b, length);
                (leave, mirror(chord, leave))
            }
            (None, None) => (chord, chord),
        };
        if before.is_none() {
            path.push(a);
        }
        let pieces = (length / spacing) as u32 + 1;
        for piece in 1..=pieces {
            path.push(hermite(a, b, leave, arrive, piece as f32 / pieces as f32));
        }
    }
}

/// The distance between two points.
pub(super) fn distance(a: Nib, b: Nib) -> f32 {
    let (x, y) = (b.x - a.x, b.y - a.y);
    (x * x + y * y).sqrt()
}

/// The derivative of the curve at `b`, scaled to a piece of this `length`.
fn tangent(a: Nib, b: Nib, c: Nib, length: f32) -> (f32, f32) {
    let (before, after, scale) = (distance(a, b).sqrt(), distance(b, c).sqrt(), length.sqrt());
    let along = |a: f32, b: f32, c: f32| {
        scale * ((b - a) / before - (c - a) / (before + after) + (c - b) / after)
    };
    (along(a.x, b.x, c.x), along(a.y, b.y, c.y))
}

fn mirror(chord: (f32, f32), tangent: (f32, f32)) -> (f32, f32) {
    (2.0 * chord.0 - tangent.0, 2.0 * chord.1 - tangent.1)
}

/// The point at `t`, from 0 to 1, on the cubic from `a` to `b` with these
/// derivatives.
fn hermite(a: Nib, b: Nib, leave: (f32, f32), arrive: (f32, f32), t: f32) -> Nib {
    let (square, cube) = (t * t, t * t * t);
    let ease = 3.0 * square - 2.0 * cube;
    let (first, second) = (cube - 2.0 * square + t, cube - square);
    Nib {
        x: a.x + ease * (b.x - a.x) + first * leave.0 + second * arrive.0,
        y: a.y + ease * (b.y - a.y) + first * leave.1 + second * arrive.1,
        r: a.r + t * (b.r - a.r),
    }
}

/// Draws the line from `a` to `b` on `paper`, ink from 0 to 1; its edge fades
/// over `soft` pixels. Where lines cross, the larger value counts.
pub(super) fn ink(paper: &mut [f32; PIXELS], a: Nib, b: Nib, soft: f32) {
    let reach = larger(a.r, b.r) + soft / 2.0;
    let (left, right) = span(a.x, b.x, reach);
    let (top, bottom) = span(a.y, b.y, reach);
    let (dx, dy, dr) = (b.x - a.x, b.y - a.y, b.r - a.r);
    let square = dx * dx + dy * dy;
    let inverse = if square > 0.0 { 1.0 / square } else { 0.0 };
    for row in top..bottom {
        let y = row as f32 + 0.5 - a.y;
        for column in left..right {
            let x = column as f32 + 0.5 - a.x;
            let t = ((x * dx + y * dy) * inverse).clamp(0.0, 1.0);
            let (x, y) = (x - t * dx, y - t * dy);
            let inside = a.r + t * dr + soft / 2.0 - (x * x + y * y).sqrt();
            let value = &mut paper[row * SIDE + column];
            *value = larger(*value, (inside / soft).clamp(0.0, 1.0));
        }
    }
}

/// The rows or columns that a line from `a` to `b` can reach, as a half-open
/// range within the image.
fn span(a: f32, b: f32, reach: f32) -> (usize, usize) {
    let (low, high) = if a < b { (a, b) } else { (b, a) };
    // The cast to usize clamps at 0.
    ((low - reach) as usize, SIDE.min((high + reach) as usize + 1))
}

/// The smaller number; in WebAssembly `f32::min` is a library call.
pub(super) fn smaller(a: f32, b: f32) -> f32 {
    if a < b { a } else { b }
}

/// The larger number.
pub(super) fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

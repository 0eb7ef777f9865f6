//! Column operations of a matrix for biases and batch normalisation: sums and
//! scaling.
//!
//! Narrow matrices (16 channels) are read several rows at a time, with the
//! parameters of their columns repeated to match, so that the inner loops are
//! long enough for SIMD.

use super::{Buffer, Real};

/// Minimum length of the inner loops, in numbers.
const LONG: usize = 64;

/// Numbers in as many complete rows as fill [`LONG`], at most `total`.
fn line_length(columns: usize, total: usize) -> usize {
    let rows = LONG.div_ceil(columns.max(1)).min((total / columns.max(1)).max(1));
    rows * columns
}

/// The first `length` numbers of `row` repeated.
fn repeated<T: Real>(row: &[T], length: usize) -> Buffer<T> {
    let mut line = Buffer::unspecified(length);
    line.chunks_mut(row.len().max(1)).for_each(|part| part.copy_from_slice(&row[..part.len()]));
    line
}

/// The sum over each column of f(a, b, row) for two matrices of one shape,
/// (rows, columns), and a row, (columns) -> (columns).
#[inline(always)]
fn sum_by<T: Real>(
    a: &[T],
    b: &[T],
    row: &[T],
    columns: usize,
    f: impl Fn(T, T, T) -> T,
) -> Buffer<T> {
    let length = line_length(columns, a.len());
    let row = repeated(row, length);
    let mut sums = Buffer::zeros(length);
    for (a, b) in a.chunks(length).zip(b.chunks(length)) {
        for (((sum, &a), &b), &row) in sums.iter_mut().zip(a).zip(b).zip(&row[..]) {
            *sum += f(a, b, row);
        }
    }
    let mut folded = Buffer::zeros(columns);
    for line in sums.chunks(columns) {
        for (folded, &sum) in folded.iter_mut().zip(line) {
            *folded += sum;
        }
    }
    folded
}

/// The sum of each column of `matrix`, (rows, columns) -> (columns).
pub fn column_sums<T: Real>(matrix: &[T], columns: usize) -> Buffer<T> {
    sum_by(matrix, matrix, &Buffer::zeros(columns), columns, |value, _, _| value)
}

/// The sum of (x - centre)^2 over each column, (rows, columns) -> (columns).
pub fn column_squares<T: Real>(x: &[T], centre: &[T]) -> Buffer<T> {
    sum_by(x, x, centre, centre.len(), |x, _, centre| (x - centre) * (x - centre))
}

/// The sum of g (x - centre) over each column, two of (rows, columns) ->
/// (columns).
pub fn column_products<T: Real>(g: &[T], x: &[T], centre: &[T]) -> Buffer<T> {
    sum_by(g, x, centre, centre.len(), |g, x, centre| g * (x - centre))
}

/// Replaces every value of `matrix`, (rows, row.len()), by f(value + the number
/// of `row` in its column).
#[inline(always)]
pub fn add_row_then<T: Real>(matrix: &mut [T], row: &[T], f: impl Fn(T) -> T) {
    let length = line_length(row.len(), matrix.len());
    let row = repeated(row, length);
    for line in matrix.chunks_mut(length) {
        for (value, &add) in line.iter_mut().zip(&row[..]) {
            *value = f(*value + add);
        }
    }
}

/// f((x - centre) scale + shift), column by column: (rows, columns) -> the
/// same.
#[inline(always)]
pub fn standardised<T: Real>(
    x: &[T],
    [centre, scale, shift]: [&[T]; 3],
    f: impl Fn(T) -> T,
) -> Buffer<T> {
    let length = line_length(centre.len(), x.len());
    let [centre, scale, shift] = [centre, scale, shift].map(|row| repeated(row, length));
    let mut out = Buffer::unspecified(x.len());
    for (out, x) in out.chunks_mut(length).zip(x.chunks(length)) {
        let columns = centre.iter().zip(scale.iter().zip(&shift[..]));
        for ((out, &x), (&centre, (&scale, &shift))) in out.iter_mut().zip(x).zip(columns) {
            *out = f((x - centre) * scale + shift);
        }
    }
    out
}

/// a g + b (x - centre) + c, column by column: two of (rows, columns) -> the
/// same.
pub fn combined<T: Real>(g: &[T], x: &[T], centre: &[T], [a, b, c]: [&[T]; 3]) -> Buffer<T> {
    let length = line_length(centre.len(), x.len());
    let [centre, a, b, c] = [centre, a, b, c].map(|row| repeated(row, length));
    let mut out = Buffer::unspecified(x.len());
    for (out, (g, x)) in out.chunks_mut(length).zip(g.chunks(length).zip(x.chunks(length))) {
        let columns = centre.iter().zip(&a[..]).zip(b.iter().zip(&c[..]));
        for ((out, (&g, &x)), ((&centre, &a), (&b, &c))) in
            out.iter_mut().zip(g.iter().zip(x)).zip(columns)
        {
            *out = a * g + b * (x - centre) + c;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_every_width_agree_with_a_naive_loop() {
        for (rows, columns) in
            [(1, 1), (5, 3), (130, 1), (67, 16), (9, 63), (4, 64), (3, 200), (2, 65)]
        {
            let number = |i: usize| (i * 7 % 23) as f64 - 11.;
            let x: Vec<f64> = (0..rows * columns).map(number).collect();
            let g: Vec<f64> = (0..rows * columns).map(|i| number(i + 5)).collect();
            let row: Vec<f64> = (0..columns).map(|j| number(j + 2)).collect();
            let sum = |f: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
                (0..columns).map(|j| (0..rows).map(|i| f(i * columns + j, j)).sum()).collect()
            };
            assert_eq!(column_sums(&x, columns)[..], sum(&|i, _| x[i]));
            assert_eq!(column_squares(&x, &row)[..], sum(&|i, j| (x[i] - row[j]).powi(2)));
            assert_eq!(column_products(&g, &x, &row)[..], sum(&|i, j| g[i] * (x[i] - row[j])));
            let each = |f: &dyn Fn(usize, usize) -> f64| -> Vec<f64> {
                (0..rows * columns).map(|i| f(i, i % columns)).collect()
            };
            let twice: Vec<f64> = row.iter().map(|r| 2. * r).collect();
            assert_eq!(
                combined(&g, &x, &row, [&row, &twice, &row])[..],
                each(&|i, j| row[j] * g[i] + twice[j] * (x[i] - row[j]) + row[j])
            );
            assert_eq!(
                standardised(&x, [&row, &twice, &row], |y| 2. * y)[..],
                each(&|i, j| 2. * ((x[i] - row[j]) * twice[j] + row[j]))
            );
            let mut sum = x.clone();
            add_row_then(&mut sum, &row, |y| y * y);
            assert_eq!(sum, each(&|i, j| (x[i] + row[j]).powi(2)));
        }
    }
}

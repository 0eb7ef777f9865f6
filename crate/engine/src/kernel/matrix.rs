//! Operands of matrix products.

/// A row-major matrix, or one read as its transpose.
#[derive(Clone, Copy)]
pub struct Matrix<'a, T> {
    pub(super) data: &'a [T],
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) row_stride: usize,
    pub(super) column_stride: usize,
}

impl<'a, T> Matrix<'a, T> {
    /// (rows, columns) over a slice of exactly that many numbers. Panics on
    /// another length.
    pub fn new(data: &'a [T], rows: usize, columns: usize) -> Self {
        assert_eq!(
            data.len(),
            rows * columns,
            "a {rows} x {columns} matrix over {} numbers",
            data.len()
        );
        Self { data, rows, columns, row_stride: columns, column_stride: 1 }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The same numbers read as (columns, rows).
    pub fn transposed(self) -> Self {
        Self {
            data: self.data,
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
        }
    }
}

/// Memory for packed operands, reused from one product to the next.
#[derive(Default)]
// The native library packs into its own memory.
#[cfg_attr(not(any(target_arch = "wasm32", test)), allow(dead_code))]
pub struct Panels {
    pub(super) left: Vec<f32>,
    pub(super) right: Vec<f32>,
}

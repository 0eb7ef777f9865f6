//! Vectors of four f32: WebAssembly SIMD, or arrays natively, so that native
//! tests run the same products.

#[cfg(target_arch = "wasm32")]
mod lanes {
    use core::arch::wasm32::*;

    pub type Vector = v128;

    /// # Safety
    /// `at` is valid for four numbers.
    #[inline(always)]
    pub unsafe fn load(at: *const f32) -> Vector {
        // SAFETY: guaranteed by the caller; a wasm load needs no alignment.
        unsafe { v128_load(at.cast()) }
    }

    /// # Safety
    /// `at` is valid for four numbers.
    #[inline(always)]
    pub unsafe fn store(at: *mut f32, vector: Vector) {
        // SAFETY: guaranteed by the caller.
        unsafe { v128_store(at.cast(), vector) }
    }

    /// The number at `at`, four times.
    ///
    /// # Safety
    /// `at` is valid for a number.
    #[inline(always)]
    pub unsafe fn splat(at: *const f32) -> Vector {
        // SAFETY: guaranteed by the caller.
        unsafe { v128_load32_splat(at.cast()) }
    }

    #[inline(always)]
    pub fn zero() -> Vector {
        f32x4(0., 0., 0., 0.)
    }

    #[inline(always)]
    pub fn add(a: Vector, b: Vector) -> Vector {
        f32x4_add(a, b)
    }

    /// a b + c, rounded once or twice, depending on the browser.
    #[cfg(feature = "relaxed")]
    #[inline]
    #[target_feature(enable = "relaxed-simd")]
    pub fn multiply_add(a: Vector, b: Vector, c: Vector) -> Vector {
        f32x4_relaxed_madd(a, b, c)
    }

    /// Whether this browser rounds a b + c once.
    #[cfg(feature = "relaxed")]
    #[target_feature(enable = "relaxed-simd")]
    pub fn fused() -> bool {
        // (1 + e)^2 = 1 + 2 e + e^2; only an unrounded product keeps the last
        // term.
        let x = core::hint::black_box(f32x4_splat(1. + 1. / 4096.));
        let rest = f32x4_relaxed_madd(x, x, f32x4_neg(f32x4_mul(x, x)));
        f32x4_extract_lane::<0>(rest) != 0.
    }

    /// a b + c, rounded twice.
    #[cfg(not(feature = "relaxed"))]
    #[inline(always)]
    pub fn multiply_add(a: Vector, b: Vector, c: Vector) -> Vector {
        f32x4_add(f32x4_mul(a, b), c)
    }

    /// Rows to columns.
    #[inline(always)]
    pub fn transpose([a, b, c, d]: [Vector; 4]) -> [Vector; 4] {
        let (ab, cd) = (i32x4_shuffle::<0, 4, 1, 5>(a, b), i32x4_shuffle::<0, 4, 1, 5>(c, d));
        let (up, down) = (i32x4_shuffle::<2, 6, 3, 7>(a, b), i32x4_shuffle::<2, 6, 3, 7>(c, d));
        [
            i32x4_shuffle::<0, 1, 4, 5>(ab, cd),
            i32x4_shuffle::<2, 3, 6, 7>(ab, cd),
            i32x4_shuffle::<0, 1, 4, 5>(up, down),
            i32x4_shuffle::<2, 3, 6, 7>(up, down),
        ]
    }
}

#[cfg(not(target_arch = "wasm32"))]
mod lanes {
    pub type Vector = [f32; 4];

    /// # Safety
    /// `at` is valid for four numbers.
    pub unsafe fn load(at: *const f32) -> Vector {
        // SAFETY: guaranteed by the caller; an array of f32 has the
        // alignment of f32.
        unsafe { at.cast::<Vector>().read() }
    }

    /// # Safety
    /// `at` is valid for four numbers.
    pub unsafe fn store(at: *mut f32, vector: Vector) {
        // SAFETY: guaranteed by the caller.
        unsafe { at.cast::<Vector>().write(vector) }
    }

    /// The number at `at`, four times.
    ///
    /// # Safety
    /// `at` is valid for a number.
    pub unsafe fn splat(at: *const f32) -> Vector {
        // SAFETY: guaranteed by the caller.
        [unsafe { at.read() }; 4]
    }

    pub fn zero() -> Vector {
        [0.; 4]
    }

    pub fn add(a: Vector, b: Vector) -> Vector {
        std::array::from_fn(|i| a[i] + b[i])
    }

    /// a b + c, rounded twice.
    pub fn multiply_add(a: Vector, b: Vector, c: Vector) -> Vector {
        std::array::from_fn(|i| a[i] * b[i] + c[i])
    }

    /// Rows to columns.
    pub fn transpose(rows: [Vector; 4]) -> [Vector; 4] {
        std::array::from_fn(|j| std::array::from_fn(|i| rows[i][j]))
    }
}

#[cfg(all(target_arch = "wasm32", feature = "relaxed"))]
pub use lanes::fused;
pub use lanes::{Vector, add, load, multiply_add, splat, store, transpose, zero};

//! The two number types of the engine: f32 trains, f64 checks gradients.

use std::cell::RefCell;
use std::ops::{Add, AddAssign, Div, Mul, MulAssign, Neg, Sub};
use std::thread::LocalKey;

use super::buffer::Store;
use super::gemm::library_product;
use super::matrix::{Matrix, Panels};
use super::workspace::{Scratch, Workspace};

/// A floating-point number with the functions that layers and losses need. The
/// f32 functions are polynomials without branches, so that loops over them
/// become SIMD code on every target and give the same bits everywhere.
pub trait Real:
    Copy
    + Default
    + PartialOrd
    + Send
    + Sync
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + AddAssign
    + MulAssign
    + 'static
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// `value` rounded to this type.
    fn of(value: f64) -> Self;
    /// This number in double precision.
    fn wide(self) -> f64;
    /// Square root.
    fn square_root(self) -> Self;
    /// Hyperbolic tangent.
    fn tanh(self) -> Self;
    /// 1 / (1 + e^-x).
    fn sigmoid(self) -> Self;
    /// ln(1 + e^x), finite for every finite x.
    fn softplus(self) -> Self;

    /// This thread's store for buffers of this type.
    fn store() -> &'static LocalKey<RefCell<Store<Self>>>;

    /// The workspace's buffers of this type.
    fn scratch(workspace: &mut Workspace) -> &mut Scratch<Self>;

    /// Copies four numbers.
    ///
    /// # Safety
    /// Both are valid for four numbers, which do not overlap.
    #[inline(always)]
    unsafe fn copy_four(from: *const Self, to: *mut Self) {
        // SAFETY: guaranteed by the caller; an array has its numbers' alignment.
        unsafe { to.cast::<[Self; 4]>().write(from.cast::<[Self; 4]>().read()) }
    }

    /// Adds four numbers to four others.
    ///
    /// # Safety
    /// Both are valid for four numbers, which do not overlap.
    #[inline(always)]
    unsafe fn add_four(from: *const Self, to: *mut Self) {
        // SAFETY: guaranteed by the caller; an array has its numbers' alignment.
        unsafe {
            let (sum, add) = (to.cast::<[Self; 4]>(), from.cast::<[Self; 4]>().read());
            let old = sum.read();
            sum.write(std::array::from_fn(|i| old[i] + add[i]));
        }
    }

    /// A B, (m, k) x (k, n) -> (m, n) row-major, written to `out` or added
    /// to it.
    ///
    /// # Safety
    /// `out` is valid for m n numbers and aliases no operand; they are
    /// initialised where `add` is true.
    unsafe fn product(
        out: *mut Self,
        add: bool,
        a: Matrix<Self>,
        b: Matrix<Self>,
        _panels: &mut Panels,
    ) {
        // SAFETY: guaranteed by the caller.
        unsafe { library_product(out, add, a, b) }
    }
}

thread_local! {
    static SINGLE: RefCell<Store<f32>> = RefCell::default();
}

impl Real for f32 {
    const ZERO: Self = 0.;
    const ONE: Self = 1.;

    #[inline(always)]
    fn of(value: f64) -> Self {
        value as f32
    }

    #[inline(always)]
    fn wide(self) -> f64 {
        f64::from(self)
    }

    #[inline(always)]
    fn square_root(self) -> Self {
        self.sqrt()
    }

    #[inline(always)]
    fn tanh(self) -> Self {
        super::math::tanh(self)
    }

    #[inline(always)]
    fn sigmoid(self) -> Self {
        1. / (1. + super::math::exp(-self))
    }

    #[inline(always)]
    fn softplus(self) -> Self {
        super::math::softplus(self)
    }

    fn store() -> &'static LocalKey<RefCell<Store<Self>>> {
        &SINGLE
    }

    fn scratch(workspace: &mut Workspace) -> &mut Scratch<Self> {
        &mut workspace.single
    }

    #[cfg(target_arch = "wasm32")]
    #[inline(always)]
    unsafe fn copy_four(from: *const Self, to: *mut Self) {
        // SAFETY: guaranteed by the caller.
        unsafe { super::product::vector::store(to, super::product::vector::load(from)) }
    }

    #[cfg(target_arch = "wasm32")]
    #[inline(always)]
    unsafe fn add_four(from: *const Self, to: *mut Self) {
        use super::product::vector::{add, load, store};
        // SAFETY: guaranteed by the caller.
        unsafe { store(to, add(load(to), load(from))) }
    }

    #[cfg(target_arch = "wasm32")]
    unsafe fn product(
        out: *mut Self,
        add: bool,
        a: Matrix<Self>,
        b: Matrix<Self>,
        panels: &mut Panels,
    ) {
        // SAFETY: guaranteed by the caller.
        unsafe { super::product::product(out, add, a, b, panels) }
    }
}

thread_local! {
    static DOUBLE: RefCell<Store<f64>> = RefCell::default();
}

impl Real for f64 {
    const ZERO: Self = 0.;
    const ONE: Self = 1.;

    #[inline(always)]
    fn of(value: f64) -> Self {
        value
    }

    #[inline(always)]
    fn wide(self) -> f64 {
        self
    }

    #[inline(always)]
    fn square_root(self) -> Self {
        self.sqrt()
    }

    #[inline(always)]
    fn tanh(self) -> Self {
        f64::tanh(self)
    }

    #[inline(always)]
    fn sigmoid(self) -> Self {
        1. / (1. + (-self).exp())
    }

    #[inline(always)]
    fn softplus(self) -> Self {
        self.max(0.) + (-self.abs()).exp().ln_1p()
    }

    fn store() -> &'static LocalKey<RefCell<Store<Self>>> {
        &DOUBLE
    }

    fn scratch(workspace: &mut Workspace) -> &mut Scratch<Self> {
        &mut workspace.double
    }
}

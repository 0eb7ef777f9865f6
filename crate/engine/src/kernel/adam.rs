//! One pass of Adam over a parameter, in place.

/// The settings of a pass of Adam.
#[derive(Clone, Copy, Debug)]
pub struct AdamPass {
    /// Step size.
    pub rate: f32,
    /// 1 - beta1: the share of the gradient in the first moment.
    pub share1: f32,
    /// Decay of the second moment.
    pub beta2: f32,
    /// 1 - beta2, given because f32 cannot subtract it exactly.
    pub share2: f32,
    /// Added to the root of the second moment.
    pub epsilon: f32,
    /// 1 - beta1^t.
    pub correction1: f32,
    /// 1 - beta2^t.
    pub correction2: f32,
}

/// arXiv:1412.6980, algorithm 1, in PyTorch's order of operations: updates
/// `theta` and its moments `m` and `v` by one step.
pub fn adam(theta: &mut [f32], gradient: &[f32], m: &mut [f32], v: &mut [f32], pass: &AdamPass) {
    let AdamPass { rate, share1, beta2, share2, epsilon, correction1, correction2 } = *pass;
    let step = rate / correction1;
    let scale = 1. / correction2.sqrt();
    for (((theta, &g), m), v) in theta.iter_mut().zip(gradient).zip(m.iter_mut()).zip(v.iter_mut())
    {
        *m += (g - *m) * share1;
        *v = *v * beta2 + g * g * share2;
        *theta -= step * *m / (v.sqrt() * scale + epsilon);
    }
}

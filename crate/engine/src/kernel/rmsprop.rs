//! One pass of RMSProp over a parameter, in place.

/// v = decay v + share g^2; theta -= rate g / (sqrt(v) + epsilon), with decay +
/// share = 1 (Tieleman and Hinton 2012, in PyTorch's order of operations).
pub fn rmsprop(
    theta: &mut [f32],
    gradient: &[f32],
    v: &mut [f32],
    rate: f32,
    [decay, share]: [f32; 2],
    epsilon: f32,
) {
    for ((theta, &g), v) in theta.iter_mut().zip(gradient).zip(v.iter_mut()) {
        *v = *v * decay + g * g * share;
        *theta -= rate * g / (v.sqrt() + epsilon);
    }
}

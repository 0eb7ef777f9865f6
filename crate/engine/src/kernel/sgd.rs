//! One pass of stochastic gradient descent with momentum over a parameter, in
//! place.

/// velocity = momentum velocity + gradient; theta -= rate velocity (Polyak's
/// momentum as in PyTorch).
pub fn sgd(theta: &mut [f32], gradient: &[f32], velocity: &mut [f32], rate: f32, momentum: f32) {
    for ((theta, &g), velocity) in theta.iter_mut().zip(gradient).zip(velocity.iter_mut()) {
        *velocity = *velocity * momentum + g;
        *theta -= rate * *velocity;
    }
}

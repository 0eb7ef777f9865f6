//! The knobs that several recipes share, each declared once.

use super::knob::{Kind, Knob, Slot, live, shape};

const RATE: Kind = Kind::Number { min: 1e-6, max: 1., log: true };
/// A share that is dropped out.
pub const DROPOUT: Kind = Kind::Number { min: 0., max: 0.9, log: false };

pub const G_RATE: Knob = live("g_rate", "rates", RATE, |h| Slot::Number(&mut h.g_rate));
pub const D_RATE: Knob = live("d_rate", "rates", RATE, |h| Slot::Number(&mut h.d_rate));
pub const MOMENTUM: Knob = live("momentum", "rates", Kind::Number { min: 0., max: 0.99, log: false }, |h| {
    Slot::Number(&mut h.momentum)
});
pub const EMA: Knob =
    live("ema", "rates", Kind::Number { min: 0., max: 0.9999, log: false }, |h| Slot::Number(&mut h.ema));
pub const OPTIMIZER: Knob = shape("optimizer", "rates", Kind::Choice, |h| Slot::Choice(&mut h.optimizer));
pub const BATCH: Knob =
    live("batch", "game", Kind::Integer { min: 1, max: 1024 }, |h| Slot::Integer(&mut h.batch));
pub const D_STEPS: Knob =
    live("d_steps", "game", Kind::Integer { min: 1, max: 10 }, |h| Slot::Integer(&mut h.d_steps));
pub const LOSS: Knob = live("loss", "game", Kind::Choice, |h| Slot::Choice(&mut h.loss));
pub const REAL_TARGET: Knob =
    live("real_target", "game", Kind::Number { min: 0.5, max: 1., log: false }, |h| {
        Slot::Number(&mut h.real_target)
    });
pub const FRESH_FAKES: Knob = live("fresh_fakes", "game", Kind::Flag, |h| Slot::Flag(&mut h.fresh_fakes));
pub const LATENT: Knob =
    shape("latent", "networks", Kind::Integer { min: 1, max: 512 }, |h| Slot::Integer(&mut h.latent));
pub const NOISE: Knob = shape("noise", "networks", Kind::Choice, |h| Slot::Choice(&mut h.noise));
pub const G_ACTIVATION: Knob =
    shape("g_activation", "networks", Kind::Choice, |h| Slot::Choice(&mut h.g_activation));
pub const D_ACTIVATION: Knob =
    shape("d_activation", "networks", Kind::Choice, |h| Slot::Choice(&mut h.d_activation));
pub const G_NORM: Knob = shape("g_norm", "networks", Kind::Flag, |h| Slot::Flag(&mut h.g_norm));
pub const D_NORM: Knob = shape("d_norm", "networks", Kind::Flag, |h| Slot::Flag(&mut h.d_norm));

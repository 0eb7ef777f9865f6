//! All knobs of the recipes, each declared once, in the groups in which recipes
//! offer them.

use super::knob::{live, shape};
use super::{Kind, Knob, Slot};

const RATE: Kind = Kind::Number { min: 1e-6, max: 1., log: true };
const SHARE: Kind = Kind::Number { min: 0., max: 0.9, log: false };
const DECAY: Kind = Kind::Number { min: 0., max: 0.9999, log: false };
const TARGET: Kind = Kind::Number { min: -1., max: 1., log: false };
const WEIGHT: Kind = Kind::Number { min: 0., max: 50., log: false };
/// The latest step at which the learning rates can start to fall.
pub const MOST_HOLD: u32 = 1_000_000;
const STEPS: Kind = Kind::Integer { min: 1, max: MOST_HOLD };
const BLOCKS: Kind = Kind::Integer { min: 0, max: 4 };
const CHANNELS: Kind = Kind::Integer { min: 1, max: 128 };

/// Optimisers, learning rates and running averages.
pub const RATES: &[Knob] = &[
    live("g_rate", "rates", RATE, |h| Slot::Number(&mut h.g_rate)),
    live("d_rate", "rates", RATE, |h| Slot::Number(&mut h.d_rate)),
    live("momentum", "rates", Kind::Number { min: 0., max: 0.99, log: false }, |h| {
        Slot::Number(&mut h.momentum)
    }),
    live("beta2", "rates", DECAY, |h| Slot::Number(&mut h.beta2)).when("optimizer", &["adam"]),
    live("decay", "rates", Kind::Number { min: 1., max: 1.01, log: false }, |h| {
        Slot::Number(&mut h.decay)
    }),
    live("schedule", "rates", Kind::Choice, |h| Slot::Choice(&mut h.schedule)),
    live("hold", "rates", STEPS, |h| Slot::Integer(&mut h.hold))
        .when("schedule", &["root", "cosine"]),
    live("length", "rates", STEPS, |h| Slot::Integer(&mut h.length)).when("schedule", &["cosine"]),
    live("ema", "rates", DECAY, |h| Slot::Number(&mut h.ema)),
    live("ema_width", "rates", Kind::Number { min: 0., max: 0.25, log: false }, |h| {
        Slot::Number(&mut h.ema_width)
    }),
    shape("optimizer", "rates", Kind::Choice, |h| Slot::Choice(&mut h.optimizer)),
];

/// Knobs of any game.
pub const PLAY: &[Knob] = &[
    live("batch", "game", Kind::Integer { min: 1, max: 1024 }, |h| Slot::Integer(&mut h.batch)),
    live("loss", "game", Kind::Choice, |h| Slot::Choice(&mut h.loss)),
    live("real_target", "game", Kind::Number { min: 0.5, max: 1., log: false }, |h| {
        Slot::Number(&mut h.targets.real)
    }),
    shape("spectral", "networks", Kind::Flag, |h| Slot::Flag(&mut h.spectral)),
    shape("d_noise", "game", Kind::Number { min: 0., max: 1., log: false }, |h| {
        Slot::Number(&mut h.d_noise)
    }),
];

/// Further knobs of a duel, and those that stabilise it.
pub const DUEL: &[Knob] = &[
    live("d_steps", "game", Kind::Integer { min: 1, max: 10 }, |h| Slot::Integer(&mut h.d_steps)),
    live("fresh_fakes", "game", Kind::Flag, |h| Slot::Flag(&mut h.fresh_fakes)),
    live("penalty", "game", Kind::Number { min: 0., max: 100., log: false }, |h| {
        Slot::Number(&mut h.penalty)
    }),
    live("r1", "game", WEIGHT, |h| Slot::Number(&mut h.r1)),
    live("r2", "game", WEIGHT, |h| Slot::Number(&mut h.r2)),
    live("clip", "game", Kind::Number { min: 0., max: 1., log: false }, |h| {
        Slot::Number(&mut h.clip)
    }),
    shape("d_dropout", "networks", SHARE, |h| Slot::Number(&mut h.d_dropout)),
    shape("pack", "game", Kind::Integer { min: 1, max: 4 }, |h| Slot::Integer(&mut h.pack)),
];

/// Two domains, the weights of the losses that couple two translators, and the
/// layers of these.
pub const CYCLE: &[Knob] = &[
    shape("domains", "game", Kind::Choice, |h| Slot::Choice(&mut h.domains)),
    live("cycle", "game", WEIGHT, |h| Slot::Number(&mut h.cycle)),
    live("identity", "game", WEIGHT, |h| Slot::Number(&mut h.identity)),
    live("pool", "game", Kind::Integer { min: 0, max: 200 }, |h| Slot::Integer(&mut h.pool)),
    shape("blocks", "networks", Kind::Integer { min: 0, max: 6 }, |h| Slot::Integer(&mut h.blocks)),
    shape("g_down", "networks", Kind::Integer { min: 2, max: 7 }, |h| Slot::Integer(&mut h.g_down)),
];

/// The least-squares targets a and c; b is `real_target`.
pub const TARGETS: &[Knob] = &[
    live("fake_target", "game", TARGET, |h| Slot::Number(&mut h.targets.fake))
        .when("loss", &["least-squares"]),
    live("g_target", "game", TARGET, |h| Slot::Number(&mut h.targets.generator))
        .when("loss", &["least-squares"]),
];

/// The choice between two multilayer perceptrons and two convolutional nets.
pub const FORM: &[Knob] = &[shape("net", "networks", Kind::Choice, |h| Slot::Choice(&mut h.net))];

/// Activations and norms of any pair of nets.
pub const PLAIN: &[Knob] = &[
    shape("g_activation", "networks", Kind::Choice, |h| Slot::Choice(&mut h.g_activation)),
    shape("d_activation", "networks", Kind::Choice, |h| Slot::Choice(&mut h.d_activation)),
    shape("g_norm", "networks", Kind::Flag, |h| Slot::Flag(&mut h.g_norm)),
    shape("d_norm", "networks", Kind::Flag, |h| Slot::Flag(&mut h.d_norm)),
];

/// The latent vectors.
pub const LATENT: &[Knob] = &[
    shape("latent", "networks", Kind::Integer { min: 1, max: 512 }, |h| {
        Slot::Integer(&mut h.latent)
    }),
    shape("noise", "networks", Kind::Choice, |h| Slot::Choice(&mut h.noise)),
    shape("modes", "networks", Kind::Integer { min: 0, max: 64 }, |h| Slot::Integer(&mut h.modes)),
];

/// The sizes of two multilayer perceptrons.
pub const MLP: &[Knob] = &[
    shape("g_hidden", "networks", Kind::Sizes, |h| Slot::Sizes(&mut h.g_hidden))
        .when("net", &["mlp"]),
    shape("d_hidden", "networks", Kind::Sizes, |h| Slot::Sizes(&mut h.d_hidden))
        .when("net", &["mlp"]),
    shape("g_dropout", "networks", SHARE, |h| Slot::Number(&mut h.g_dropout)).when("net", &["mlp"]),
];

/// The sizes of two convolutional nets.
pub const CONV: &[Knob] = &[
    shape("g_channels", "networks", CHANNELS, |h| Slot::Integer(&mut h.g_channels))
        .when("net", &["conv"]),
    shape("d_channels", "networks", CHANNELS, |h| Slot::Integer(&mut h.d_channels))
        .when("net", &["conv"]),
    shape("kernel", "networks", Kind::Integer { min: 2, max: 7 }, |h| Slot::Integer(&mut h.kernel))
        .when("net", &["conv"]),
];

/// Blocks of two convolutional nets that keep the size of the feature map.
pub const DEPTH: &[Knob] = &[
    shape("g_blocks7", "networks", BLOCKS, |h| Slot::Integer(&mut h.g_blocks7))
        .when("net", &["conv"]),
    shape("g_blocks14", "networks", BLOCKS, |h| Slot::Integer(&mut h.g_blocks14))
        .when("net", &["conv"]),
    shape("d_blocks14", "networks", BLOCKS, |h| Slot::Integer(&mut h.d_blocks14))
        .when("net", &["conv"]),
    shape("d_blocks7", "networks", BLOCKS, |h| Slot::Integer(&mut h.d_blocks7))
        .when("net", &["conv"]),
];

/// Maxout units.
pub const MAXOUT: &[Knob] = &[shape("pieces", "networks", Kind::Integer { min: 2, max: 8 }, |h| {
    Slot::Integer(&mut h.pieces)
})];

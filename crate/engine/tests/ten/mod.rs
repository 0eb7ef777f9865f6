//! The runs whose first ten losses are compared with PyTorch's.

use ganvas::recipe::{Choice, Recipe};
use ganvas::{Config, Result};

/// Steps of each run.
pub const STEPS: usize = 10;

/// Named runs of a recipe: unchanged, and with every form and loss that it
/// offers; with narrow nets, and without what each side draws at random itself.
pub fn configs(recipe: &Recipe) -> Result<Vec<(String, Config)>> {
    let plain = [
        ("batch", "8"),
        ("d_dropout", "0"),
        ("g_dropout", "0"),
        ("g_channels", "4"),
        ("d_channels", "4"),
        ("pool", "0"),
        // It is 2 below: the slope of |x| is a sign, which rounding flips near
        // 0, and five times that would show by the tenth step.
        ("identity", "0"),
    ];
    let others: [(&str, &[(&str, &str)]); 9] = [
        ("", &[]),
        // Not Adam: it turns the rounding of gradients near 0, of which dense
        // nets have many, into full steps.
        ("-mlp", &[("net", "mlp"), ("optimizer", "sgd"), ("g_rate", "0.01"), ("d_rate", "0.01")]),
        ("-steps", &[("d_steps", "2"), ("decay", "1.01"), ("real_target", "0.9")]),
        // At dcgan's rates rounding would show by the seventh step, here and
        // below.
        ("-pack", &[("pack", "2"), ("g_rate", "0.001"), ("d_rate", "0.001")]),
        ("-identity", &[("identity", "2"), ("blocks", "2"), ("domains", "slant")]),
        ("-plain", &[("domains", "drawn"), ("g_norm", "false"), ("d_norm", "false")]),
        (
            "-deep",
            &[
                ("g_blocks14", "1"),
                ("d_blocks14", "1"),
                ("d_blocks7", "2"),
                ("modes", "5"),
                ("schedule", "root"),
                ("hold", "3"),
                ("g_rate", "0.0002"),
                ("d_rate", "0.0002"),
            ],
        ),
        // Not Adam, as below: with it a gradient near 0 is a full step of
        // rounding.
        (
            "-spectral",
            &[("spectral", "true"), ("optimizer", "sgd"), ("g_rate", "0.001"), ("d_rate", "0.001")],
        ),
        ("-sgd", &[("optimizer", "sgd"), ("g_rate", "0.003"), ("d_rate", "0.003")]),
    ];
    let has = |(key, _): &(&str, &str)| recipe.knob(key).is_ok();
    let others = others.map(|(name, knobs)| (name.to_owned(), knobs.to_vec()));
    // Every loss except the recipe's own; not with Adam, as above.
    let other_losses = recipe.knob("loss")?.options(&recipe.hyper).iter().copied();
    let slopes = [("optimizer", "sgd"), ("g_rate", "0.003"), ("d_rate", "0.003")];
    let losses = other_losses
        .filter(|loss| *loss != recipe.hyper.loss.name())
        .map(|loss| (format!("-{loss}"), [&[("loss", loss)], &slopes[..]].concat()));
    let fitting = others.into_iter().chain(losses).filter(|(_, knobs)| knobs.iter().all(has));
    // At their own rates rounding would show by the eighth step: instance norms
    // amplify it, and RMSProp makes full steps of gradients near 0.
    let slow = match recipe.id {
        "cyclegan" => &[("g_rate", "0.001"), ("d_rate", "0.001")][..],
        "wgan" => &[("g_rate", "0.0002"), ("d_rate", "0.0002")],
        _ => &[],
    };
    let run = |(name, more): (String, Vec<(&'static str, &'static str)>)| {
        let knobs = plain.into_iter().filter(has).chain(slow.iter().copied()).chain(more);
        Ok((format!("{}{name}", recipe.id), Config::new(recipe.id, 11, knobs)?))
    };
    fitting.map(run).collect()
}

//! Every recipe as a whole: the gradients of both players' losses against central differences in f64.

use candle_core::{DType, Device, Tensor, Var};
use rand_chacha::ChaCha8Rng;

use super::*;
use crate::chance::{Purpose, stream};
use crate::loss::Scores;
use crate::net::{Net, Pass};
use crate::op::gradient::worst_error;
use crate::params::Params;

/// A net of f64 weights, and the variables that its player moves.
fn net(layers: Vec<Layer>, inputs: usize, init: Init, seed: u32) -> (Net, Vec<Var>) {
    let params = Params::new(stream(seed, Purpose::Weights));
    let net = Net::build(layers, inputs, init, &params.builder(DType::F64)).unwrap();
    (net, params.trained().into_iter().map(|(_, var)| var).collect())
}

fn batch(columns: usize, seed: u32) -> Tensor {
    let mut values = vec![0f32; 4 * columns];
    crate::chance::uniforms(&mut stream(seed, Purpose::Latents), &mut values, 0., 1.);
    Tensor::from_vec(values, (4, columns), &Device::Cpu).unwrap().to_dtype(DType::F64).unwrap()
}

/// The same dropout masks at every call, so that the loss is one function.
fn masks() -> ChaCha8Rng {
    stream(1, Purpose::Dropout)
}

fn check(recipe: &Recipe, hyper: &Hyper, what: &str) {
    let (g, g_vars) = net((recipe.generator)(hyper), hyper.latent as usize, recipe.init, 1);
    let (d, d_vars) = net((recipe.discriminator)(hyper), PIXELS, recipe.init, 2);
    let (z, real) = (batch(hyper.latent as usize, 3), batch(PIXELS, 4));
    let loss = (recipe.loss)(hyper);

    let fake = g.forward(&z, Pass::Train(&mut masks())).unwrap().detach();
    let discriminator = || {
        let (on_real, on_fake) =
            (d.forward(&real, Pass::Train(&mut masks()))?, d.forward(&fake, Pass::Train(&mut masks()))?);
        let scores = Scores { real: &on_real, fake: &on_fake, real_target: hyper.real_target };
        let (real, fake) = (loss.discriminator)(&scores)?;
        real + fake
    };
    let worst = worst_error(&d_vars, discriminator).unwrap();
    assert!(worst < 1e-6, "{} {what}: D's gradient is off by {worst}", recipe.id);

    let generator = || {
        let fake = g.forward(&z, Pass::Train(&mut masks()))?;
        (loss.generator)(&d.forward(&fake, Pass::Frozen(&mut masks()))?)
    };
    let worst = worst_error(&g_vars, generator).unwrap();
    assert!(worst < 1e-6, "{} {what}: G's gradient is off by {worst}", recipe.id);
}

#[test]
fn gradients_of_both_players_are_central_differences() {
    for recipe in ALL {
        check(recipe, &recipe.hyper, "at its defaults");
        for knob in recipe.knobs {
            for option in knob.options(&recipe.hyper) {
                let mut hyper = recipe.hyper;
                knob.set(&mut hyper, option).unwrap();
                check(recipe, &hyper, option);
            }
        }
        let mut hyper = recipe.hyper;
        for (key, value) in
            [("g_norm", "false"), ("d_norm", "true"), ("g_dropout", "0.3"), ("real_target", "0.9")]
        {
            recipe.knob(key).unwrap().set(&mut hyper, value).unwrap();
        }
        check(recipe, &hyper, "with the opposite of its defaults");
    }
}

#[test]
fn nets_end_in_784_pixels_and_in_one_logit() {
    for recipe in ALL {
        let latent = recipe.hyper.latent as usize;
        let end =
            |layers: Vec<Layer>, inputs| layers.iter().fold(inputs, |width, layer| layer.outputs(width));
        assert_eq!(end((recipe.generator)(&recipe.hyper), latent), PIXELS);
        assert_eq!(end((recipe.discriminator)(&recipe.hyper), PIXELS), 1);
    }
}

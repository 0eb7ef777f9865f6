//! Writes the initial states and the draws of ten steps of every recipe, with
//! which `tests/reference/losses.py` takes the same steps in PyTorch.
//!
//!     cargo run --release --package ganvas --example inputs -- FOLDER

use std::collections::HashMap;
use std::error::Error;
use std::path::Path;

use candle_core::{Device, Tensor, safetensors};
use ganvas::data::{PIXELS, Sampler, Side};
use ganvas::recipe::Trainer;
use ganvas::rng::{Purpose, stream, uniforms};
use ganvas::{Dataset, Session, checkpoint, recipe};

#[path = "../tests/ten/mod.rs"]
mod ten;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("missing argument: the folder to write to")?;
    std::fs::create_dir_all(&folder)?;
    for recipe in recipe::ALL {
        for (name, config) in ten::configs(recipe)? {
            let file = |what: &str| Path::new(&folder).join(format!("{name}{what}.safetensors"));
            let mut session = Session::new(config, Dataset::drawn())?;
            std::fs::write(file(""), checkpoint::save(&mut session)?)?;
            let inputs = match recipe.trainer {
                Trainer::Duel => drawn(&config)?,
                Trainer::Cycle => views(&config)?,
            };
            safetensors::save(&inputs, file("-inputs"))?;
        }
    }
    Ok(())
}

/// Batches of both domains, in the order in which training draws them.
fn views(config: &ganvas::Config) -> Result<HashMap<String, Tensor>, Box<dyn Error>> {
    let (mut data, mut sampler) = (Dataset::drawn(), Sampler::new(config.seed));
    let mut tensors = HashMap::new();
    for i in 0..ten::STEPS {
        let mut indices = Vec::new();
        sampler.draw(config.hyper.batch, data.total() / 2, &mut indices);
        for (side, name) in Side::ALL.into_iter().zip(["a", "b"]) {
            let digits = indices.iter().map(|&i| 2 * i + side as u32);
            let pixels: Vec<u8> =
                digits.flat_map(|i| config.hyper.domains.view(side, &mut data, i)).collect();
            let pixels = ganvas::data::numbers(&pixels);
            tensors.insert(
                format!("{name}.{i}"),
                Tensor::from_vec(pixels, (indices.len(), PIXELS), &Device::Cpu)?,
            );
        }
    }
    Ok(tensors)
}

/// Batches, labels, latent vectors and places between real and generated
/// images, in the order in which training draws each.
fn drawn(config: &ganvas::Config) -> Result<HashMap<String, Tensor>, Box<dyn Error>> {
    let (hyper, seed) = (config.hyper, config.seed);
    let mut data = Dataset::drawn();
    let mut sampler = Sampler::new(seed);
    let [mut latents, mut places] =
        [Purpose::Latents, Purpose::Penalty].map(|purpose| stream(seed, purpose));
    let (batch, space) = (hyper.batch as usize, hyper.latents());
    let mut tensors = HashMap::new();
    let d_steps = ten::STEPS * hyper.d_steps as usize;
    let fakes = d_steps + if hyper.fresh_fakes { ten::STEPS } else { 0 };
    for i in 0..d_steps {
        let (mut indices, mut pixels) = (Vec::new(), vec![0f32; batch * PIXELS]);
        sampler.draw(hyper.batch, data.total(), &mut indices);
        data.write_batch(&indices, &mut pixels);
        let labels: Vec<i64> =
            indices.iter().filter_map(|&i| data.label(i)).map(i64::from).collect();
        let mut shares = vec![0f32; batch / hyper.pack as usize];
        uniforms(&mut places, &mut shares, 0., 1.);
        tensors
            .insert(format!("real.{i}"), Tensor::from_vec(pixels, (batch, PIXELS), &Device::Cpu)?);
        tensors.insert(format!("labels.{i}"), Tensor::from_vec(labels, batch, &Device::Cpu)?);
        tensors.insert(
            format!("places.{i}"),
            Tensor::from_slice(&shares, shares.len(), &Device::Cpu)?,
        );
    }
    for i in 0..fakes {
        let mut z = vec![0f32; batch * space.width()];
        space.fill(&mut latents, &mut z);
        tensors.insert(
            format!("latents.{i}"),
            Tensor::from_vec(z, (batch, space.width()), &Device::Cpu)?,
        );
    }
    Ok(tensors)
}

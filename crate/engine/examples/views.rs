//! Writes digits as both domains of a translation show them, for
//! `tests/quality/twin.py`: pairs, which CycleGAN never sees.
//!
//!     cargo run --release --package ganvas --example views -- thick-thin train-images-idx3-ubyte FOLDER

use std::error::Error;
use std::path::PathBuf;

use ganvas::Dataset;
use ganvas::data::{Domains, PIXELS, Side, idx};
use ganvas::recipe::Choice;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let mut arg = |what: &str| args.next().ok_or(format!("missing argument: {what}"));
    let (name, digits) = (arg("the domains")?, arg("the IDX file of the digits")?);
    let folder = PathBuf::from(arg("the folder to write to")?);
    let mut domains = Domains::ThickThin;
    if !domains.choose(&name) {
        return Err(
            format!("unknown domains {name}; known: {}", domains.options().join(", ")).into()
        );
    }
    let mut data = Dataset::files(false);
    data.push_images(&std::fs::read(digits)?)?;
    data.close()?;
    for (side, file) in Side::ALL.into_iter().zip(["a.idx", "b.idx"]) {
        let mut pixels = Vec::with_capacity(data.total() as usize * PIXELS);
        for i in 0..data.total() {
            pixels.extend(domains.view(side, &mut data, i));
        }
        std::fs::write(folder.join(file), idx::write_images(&pixels))?;
    }
    Ok(())
}

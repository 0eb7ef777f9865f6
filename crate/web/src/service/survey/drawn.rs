//! Assesses a digit that the visitor drew.

use ganvas::data::numbers;
use ganvas::watch::Watch;
use ganvas::{Error, Session};
use serde_bytes::ByteBuf;

use crate::describe::probability;
use crate::protocol::{Assessment, Event};

/// D's score of a digit (784 bytes), the judge's probability of each class, and
/// the digit in the other domain, if the GAN translates.
pub fn read(
    session: &mut Session,
    watch: &mut Watch,
    run: u32,
    digit: &[u8],
) -> Result<Event, Error> {
    let translated = match session.domains() {
        Some(mut domains) => domains.translate_image(digit)?,
        None => Vec::new(),
    };
    let pixels = numbers(digit);
    let probabilities = watch.classify(&pixels)?;
    let likeliest = probabilities.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
    let class = likeliest.map_or(0, |(class, _)| class as u8);
    let (score, _) = session.inspect().score(&pixels, class)?;
    Ok(Event::Assessment(Assessment {
        run,
        step: session.steps(),
        score: f64::from(score),
        probability: probability(session, score),
        probabilities,
        pixels: ByteBuf::from(translated),
    }))
}

// Latent vectors for the sliders: drawn as training draws them, fixed by a seed, within a slider's reach.

/** A latent vector as training draws them, fixed by `seed`. @param {number} size @param {string | undefined} noise @param {number} seed @returns {number[]} */
export function drawLatent(size, noise, seed) {
  let word = seed >>> 0;
  const uniform = () => {
    // mulberry32: a few lines are enough for a picture to start from.
    word = (word + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(word ^ (word >>> 15), word | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const reach = latentReach(noise);
  const draw =
    noise === "uniform"
      ? () => (2 * uniform() - 1) * reach
      : () => Math.max(-reach, Math.min(reach, normal()));
  return Array.from({ length: size }, () => Math.round(draw() * 100) / 100);
}

/** How far a latent slider goes. @param {string | undefined} noise */
export const latentReach = (noise) => (noise === "uniform" ? 1.73 : 3);

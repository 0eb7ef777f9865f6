// Latent vectors for the sliders: drawn as training draws them, fixed by a seed, within a slider's reach.

/** What a latent vector is: `size` numbers of a distribution, of which the last `modes` say which mode. @typedef {{ size: number, noise: string | undefined, modes: number }} Latents */

/** The number at the place of a vector's mode; 0 stands at the others. */
const MODE = 3;

/** A latent vector as training draws them, fixed by `seed`. @param {Latents} latents @param {number} seed @returns {number[]} */
export function drawLatent({ size, noise, modes }, seed) {
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
  const numbers = Array.from({ length: size - modes }, () => Math.round(draw() * 100) / 100);
  return [...numbers, ...modeOf(modes, Math.floor(uniform() * modes))];
}

/** The numbers of one of `modes`. @param {number} modes @param {number} mode @returns {number[]} */
const modeOf = (modes, mode) => Array.from({ length: modes }, (_, i) => (i === mode ? MODE : 0));

/** Which mode a vector has most of; -1 where there are none. @param {number[]} latent @param {number} modes */
export function modeIn(latent, modes) {
  const last = latent.slice(latent.length - modes, latent.length);
  return modes > 0 ? last.indexOf(Math.max(...last)) : -1;
}

/** A vector with another mode. @param {number[]} latent @param {number} modes @param {number} mode */
export const withMode = (latent, modes, mode) => [
  ...latent.slice(0, latent.length - modes),
  ...modeOf(modes, mode),
];

/** What the latent vectors of a run are. @param {{ latent: number, modes: number, knobs: Record<string, string> } | null} run @returns {Latents} */
export const latentsOf = (run) => ({
  size: run?.latent ?? 0,
  noise: run?.knobs.noise,
  modes: run?.modes ?? 0,
});

/** How far a latent slider goes. @param {string | undefined} noise */
export const latentReach = (noise) => (noise === "uniform" ? 1.73 : 3);

/** Whether a vector of the one is one of the other. @param {Latents} a @param {Latents} b */
export const sameLatents = (a, b) => a.size === b.size && a.noise === b.noise && a.modes === b.modes;

// A run, its digits, its record and its snapshot, as the tests of kept runs have them.
export const run = {
  run: 4,
  recipe: "gan",
  seed: 7,
  knobs: { batch: "16" },
  latent: 2,
  classes: 0,
  trainer: "duel",
  columns: [],
};
export const data = {
  source: "drawn",
  images: 60000,
  total: 60000,
  labels: 60000,
  usable: true,
  complete: true,
};
export const kept = (more = {}) => ({
  id: "a",
  name: "",
  recipe: "gan",
  seed: 7,
  step: 9,
  elapsed: 50,
  date: 1,
  source: "drawn",
  data: "f",
  size: 3,
  picture: new Uint8Array(0),
  writer: "other",
  ...more,
});
export const snapshot = (more = {}) => ({
  type: "autosaved",
  run: 4,
  step: 9,
  digest: "d",
  elapsed_ms: 50,
  cost_ms: 2,
  data: "f",
  bytes: new Uint8Array(3),
  ...more,
});

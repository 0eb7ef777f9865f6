// What a worker tells, for the tests of choices and of notes.
import { initial, reduce } from "../../../www/state.js";
import { catalogue } from "./catalogue.js";

export const knob = (key, live, value) => ({
  key,
  group: "g",
  kind: { is: "number", min: 0, max: 1 },
  default: value,
  live,
});
export const recipes = [
  { id: "dcgan", paper: "", knobs: [knob("g_rate", true, "0.001"), knob("latent", false, "64")] },
  { id: "wgan", paper: "", knobs: [knob("g_rate", true, "0.001"), knob("latent", false, "100")] },
];
export const DEFAULTS = { g_rate: "0.001", latent: "64" };
export const started = (run, extra = {}) => ({
  type: "started",
  run,
  recipe: "dcgan",
  seed: 7,
  knobs: DEFAULTS,
  latent: 64,
  trainer: "duel",
  columns: [],
  ...extra,
});
export const progress = (extra) => ({
  type: "progress",
  run: 1,
  step: 0,
  epoch: 0,
  images_seen: 0,
  steps_per_s: 0,
  images_per_s: 0,
  elapsed_ms: 0,
  training: false,
  waiting: false,
  points: [],
  amid: false,
  ...extra,
});
export const refused = (command, code, args, extra = {}) => ({
  type: "refused",
  command,
  code,
  args,
  message: "",
  ...extra,
});
export const fresh = () => ({
  ...initial(),
  recipes,
  catalogue,
  config: { recipe: "dcgan", seed: "", data: "mnist", knobs: {} },
});
export const after = (...events) => events.reduce(reduce, fresh());

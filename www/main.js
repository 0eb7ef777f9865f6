// Wires the page: the only file that knows all others; it owns the state and the one paint loop.
import { connect } from "./client.js";
import { createFeed } from "./feed.js";
import { chooseLanguage, loadText } from "./i18n.js";
import { createReady } from "./ready.js";
import { fromHash, initial, isLive, recipeOf, reduce, toHash } from "./state.js";
import { drawLatent } from "./latent.js";
import { controlsView } from "./view/controls.js";
import { curvesView } from "./view/curves.js";
import { dataView } from "./view/data-panel.js";
import { digitsView } from "./view/digits.js";
import { translate } from "./view/dom.js";
import { saveDigits } from "./view/save.js";
import { latentView } from "./view/latent.js";
import { lentView } from "./view/lent.js";
import { netsView } from "./view/nets.js";
import { notesView } from "./view/notes.js";
import { numbersView } from "./view/numbers.js";
import { pairsView } from "./view/pairs.js";
import { paintRoot } from "./view/root.js";
import { statusView } from "./view/status.js";
import { tabs } from "./view/tabs.js";

/** @typedef {import("./types.js").AnyEvent} AnyEvent */

const SAMPLES = 1000;
const SAMPLE_SEED = 1;
const FIRST_LATENT = 1;
const query = new URLSearchParams(location.search);
const root = document.documentElement;
root.toggleAttribute("data-embed", query.get("embed") === "1");

let text = await loadText(chooseLanguage(location.search, saved("lang"), navigator.languages));
let state = reduce(initial(), { type: "address", config: fromHash(location.hash) });
let painted = initial();
let painting = false;

const client = connect(() => {
  const url = new URL("./worker.js", import.meta.url);
  const build = query.get("build");
  if (build) url.searchParams.set("build", build);
  return new Worker(url, { type: "module" });
}, dispatch);
const feed = createFeed(client, dispatch);
const lend = createReady(client);
const digits = digitsView();
const views = [
  controlsView(dispatch),
  dataView(dispatch),
  digits.paint,
  numbersView(),
  latentView(dispatch),
  pairsView(),
  lentView(),
  statusView(dispatch),
  curvesView(),
  netsView(dispatch),
  notesView(dispatch),
  // Last, so that what the root says is already on the screen.
  paintRoot,
];
tabs();
setLanguage(text);

/** The one way into the state: reduces, acts on the world, and asks for a paint. @param {AnyEvent} event */
function dispatch(event) {
  // A download that broke off has said so itself; the worker's word on the same loss would say it twice.
  const twice = event.type === "refused" && event.command === "close" && state.download?.state === "broken";
  const before = state;
  if (!twice) state = reduce(state, event);
  const effect = /** @type {((event: AnyEvent, before: typeof state) => void) | undefined} */ (
    effects[event.type]
  );
  effect?.(event, before);
  if (state !== before) schedule();
}

/** @type {{ [T in AnyEvent["type"]]?: (event: Extract<AnyEvent, { type: T }>, before: typeof state) => void }} */
const effects = {
  async ready() {
    if (!state.config.recipe)
      dispatch({ type: "address", config: { ...state.config, recipe: state.recipes[0].id } });
    startRun();
    await feed.choose(state.config.data, savesData());
  },
  started() {
    writeHash();
    if (state.latent.length === state.run?.latent) decode();
    else dispatch({ type: "latents", values: latents(FIRST_LATENT) });
    const run = state.run;
    if (run) lend(run.recipe, () => state.run?.run === run.run && state.step === 0);
  },
  lent: decode,
  samples: decode,
  data: (event) => feed.hear(event),
  refused(event) {
    feed.hear(event);
    if (event.command === "start") state.run ? writeHash() : retryStart(event);
  },
  digits({ pixels, step }) {
    const name = saveDigits(pixels, state.run?.recipe ?? "gan", step);
    dispatch({ type: "note", note: { tone: "info", key: "download.done", args: { name, step } } });
  },
  train: () => client.isReady() && run(),
  pause: () => client.isReady() && client.send({ type: "pause" }),
  step: () => client.isReady() && client.send({ type: "step" }),
  reset(_, before) {
    if (!state.run) return;
    if (before.phase === "training") client.send({ type: "pause" });
    const { recipe, seed, knobs } = state.run;
    client.start(recipe, `${seed}`, knobs);
  },
  "new-run"() {
    if (!client.isReady()) return;
    startRun();
  },
  restart() {
    feed.forget();
    client.restart();
  },
  knob({ key, value }) {
    writeHash();
    if (isLive(state, key)) client.send({ type: "tune", key, value });
  },
  recipe: writeHash,
  seed: writeHash,
  dice: () => dispatch({ type: "seed", value: `${randomWord()}` }),
  latent: decode,
  kind: decode,
  latents: decode,
  randomise: () => dispatch({ type: "latents", values: latents(randomWord()) }),
  zero: () => dispatch({ type: "latents", values: state.latent.map(() => 0) }),
  source({ source }, { data }) {
    writeHash();
    const whole = data?.images === data?.total || state.download?.state === "fetching";
    if (data?.source !== source || !whole) void feed.choose(source);
  },
  mirror() {
    writeHash();
    feed.mirror();
  },
  files: ({ files }) => void feed.take(files, state.upright),
  upright: ({ on }) => feed.turn(on),
  "take-sample": () => client.send({ type: "sample", count: SAMPLES, seed: SAMPLE_SEED }),
  language: async ({ lang }) => setLanguage(await loadText(lang)),
  share,
};

function run() {
  feed.resume();
  client.send({ type: "run" });
}

/** Asks for the digit of the sliders, where the run has any. */
function decode() {
  if (state.run?.latent) client.decode(state.latent, state.kind);
}

/** Starts what the controls show, and trains it where that is wanted. */
function startRun() {
  const { recipe, seed, knobs } = state.config;
  client.start(recipe, seed, knobs);
  if (state.wanted) run();
}

/** An address with something wrong in it still gives a page that works: what was refused falls back to its default. @param {Extract<AnyEvent, { type: "refused" }>} event */
function retryStart({ code, args }) {
  const sizes = (recipeOf(state)?.knobs ?? []).filter(
    (knob) => knob.kind.is === "sizes" || knob.key === "latent",
  );
  const keys = code === "too-large" ? sizes.map((knob) => knob.key) : args.key ? [args.key] : [];
  const recipe = code === "unknown-recipe";
  const seed = code === "seed";
  const known = recipe || seed || keys.some((key) => key in state.config.knobs);
  if (!known && Object.keys(state.config.knobs).length === 0) return;
  dispatch({ type: "revert", recipe, seed, keys: known ? keys : Object.keys(state.config.knobs) });
  startRun();
}

function writeHash() {
  const hash = toHash(state.config);
  if (hash !== location.hash) history.replaceState(null, "", hash || location.pathname + location.search);
}

const randomWord = () => crypto.getRandomValues(new Uint32Array(1))[0];

/** Latents for the present run's sliders. @param {number} seed */
const latents = (seed) => drawLatent(state.run?.latent ?? 0, state.run?.knobs.noise, seed);

async function share() {
  const done = await navigator.clipboard?.writeText(location.href).then(
    () => true,
    () => false,
  );
  const key = done ? "share.done" : "share.failed";
  dispatch({ type: "note", note: { tone: "info", key, args: {} } });
}

/** @param {typeof text} next */
function setLanguage(next) {
  text = next;
  root.lang = text.lang === "zh" ? "zh-CN" : text.lang;
  translate(text);
  const other = text.lang === "zh" ? "en" : "zh";
  const button = /** @type {HTMLElement} */ (document.getElementById("language"));
  button.textContent = other === "zh" ? "中文" : "English";
  button.lang = other;
  button.onclick = () => {
    save("lang", other);
    dispatch({ type: "language", lang: other });
  };
  painted = initial();
  schedule();
}

function schedule() {
  if (painting) return;
  painting = true;
  requestAnimationFrame(paint);
}

function paint() {
  painting = false;
  if (painted !== state || digits.isFading()) {
    painted = state;
    for (const view of views) view(state, text);
  }
  if (digits.isFading()) schedule();
}

/** Whether the visitor asked the browser to save data. */
function savesData() {
  return (
    /** @type {{ connection?: { saveData?: boolean } }} */ (navigator).connection?.saveData === true &&
    !state.wanted
  );
}

/** @param {string} key */
function saved(key) {
  try {
    return localStorage.getItem(`ganvas.${key}`);
  } catch {
    return null;
  }
}

/** @param {string} key @param {string} value */
function save(key, value) {
  try {
    localStorage.setItem(`ganvas.${key}`, value);
  } catch {
    // Private windows may forbid it: then the switch lasts as long as the page.
  }
}

addEventListener("hashchange", () => {
  const config = fromHash(location.hash);
  dispatch({ type: "address", config: { ...config, recipe: config.recipe || (state.recipes[0]?.id ?? "") } });
  if (client.isReady()) startRun();
});
document.getElementById("share")?.addEventListener("click", () => dispatch({ type: "share" }));

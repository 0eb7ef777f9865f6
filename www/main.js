// Wires the page: the only file that knows all others; it owns the state and the one paint loop.
import { awakeView } from "./awake.js";
import { createAway } from "./away.js";
import { createChoosing } from "./choosing.js";
import { connect, summon } from "./client.js";
import { createDriver } from "./drive.js";
import { again, keep as keepDrop } from "./early.js";
import { callAll, hearFailures } from "./failing.js";
import { createFeed } from "./feed.js";
import { chooseLanguage, loadText } from "./i18n.js";
import { createOffline } from "./offline.js";
import { createPacer } from "./pace.js";
import { keep, recall } from "./place.js";
import { createReady } from "./ready.js";
import { createSharing } from "./sharing.js";
import { shortcuts } from "./shortcuts.js";
import { fromHash, initial, reduce } from "./state.js";
import { drawLatent, latentsOf, modeIn, withMode } from "./latent.js";
import { announceView } from "./view/announce.js";
import { choiceView } from "./view/choice.js";
import { controlsView } from "./view/controls.js";
import { curvesView } from "./view/curves.js";
import { dataView } from "./view/data-panel.js";
import { digitsView } from "./view/digits.js";
import { byId, translate } from "./view/dom.js";
import { heeding } from "./view/heed.js";
import { saveDigits } from "./view/save.js";
import { latentView } from "./view/latent.js";
import { lentView } from "./view/lent.js";
import { netsView } from "./view/nets.js";
import { notesView } from "./view/notes.js";
import { numbersView, whereView } from "./view/numbers.js";
import { pairsView } from "./view/pairs.js";
import { paintRoot } from "./view/root.js";
import { seeingViews } from "./view/seeing.js";
import { createSight } from "./view/seen.js";
import { statusView } from "./view/status.js";
import { stuckView } from "./view/stuck.js";
import { tabs } from "./view/tabs.js";
import { createWatching } from "./watching.js";

/** @typedef {import("./types.js").AnyEvent} AnyEvent */

const SAMPLES = 1000;
const SAMPLE_SEED = 1;
const FIRST_LATENT = 1;
const AGAIN_MS = 3000;
/** The try at bringing the lower panels whose failure is said: one that fails alone mends itself. */
const SAID_AT = 3;
const query = new URLSearchParams(location.search);
const root = document.documentElement;
root.toggleAttribute("data-embed", query.get("embed") === "1");

let text = await loadText(chooseLanguage(location.search, recall("lang")));
let state = reduce(initial(), { type: "address", config: fromHash(location.hash) });
let painted = initial();
/** The frame that is asked for, 0 where none is. */
let asked = 0;
/** Whether a frame has passed without paint, for a digit that was under way. */
let owed = false;
/** Files that came before the part that opens them. @type {(() => void)[]} */
const awaited = [];

/** @type {ReturnType<ReturnType<typeof import("./below.js").createBelow>["openSecond"]> | null} */
let second = null;
/** @type {ReturnType<typeof import("./below.js").createBelow> | null} */
let below = null;

const now = () => state;
const heed = heeding(now);
const client = connect(summon, dispatch);
const feed = createFeed(client, dispatch, () => driver.nextRun());
const driver = createDriver(client, feed, now, dispatch);
const choosing = createChoosing(driver, now, dispatch);
const { writeHash, share } = createSharing(now, dispatch, () => client.isReady() && driver.startRun());
const watching = createWatching(client, now, dispatch);
const pacer = createPacer(now, dispatch);
const lend = createReady(client);
const away = createAway(dispatch);
const keepOffline = createOffline();
const digits = digitsView();
const latent = heed(latentView(dispatch));
const sight = createSight();
const views = [
  // Amid a fade it paints though nothing has changed.
  digits.paint,
  latent,
  ...[
    controlsView(dispatch),
    choiceView(dispatch),
    dataView(dispatch),
    numbersView(),
    whereView(dispatch),
    pairsView(),
    lentView(),
    statusView(dispatch),
    sight.only(byId("charts"), curvesView()),
    ...seeingViews(sight, dispatch),
    netsView(dispatch),
    notesView(dispatch),
    awakeView(dispatch),
    announceView(),
  ].map(heed),
];
const stuck = stuckView();
const facts = heed(paintRoot);
tabs();
hearFailures(dispatch);
shortcuts(recall, keep);
setLanguage(text);

/** The one way into the state: reduces, acts on the world, and asks for a paint. @param {AnyEvent} event */
function dispatch(event) {
  // A download that broke off has said so itself; the worker's word on the same loss would say it twice.
  const twice = event.type === "refused" && event.command === "close" && state.download?.state === "broken";
  const before = state;
  if (!twice) state = reduce(state, event);
  if (below) state = below.reduce(state, event);
  for (const { [event.type]: effect } of [effects, choosing.effects])
    /** @type {((event: AnyEvent, before: typeof state) => void) | undefined} */ (effect)?.(event, before);
  below?.hear(event, before);
  if (state === before) return;
  away.hear(state, text);
  second?.follow(state, feed.inUse());
  // What waited for a digit is painted as soon as it is on its canvases.
  if (owed && event.type === "decoded") paint();
  else schedule();
}

/** @type {import("./drive.js").Effects} */
const effects = {
  ...driver.effects,
  ...watching.effects,
  ...pacer.effects,
  async ready({ build }) {
    keepOffline(build);
    watching.greet();
    watching.bringJudge();
    void bringBelow();
    if (!state.config.recipe)
      dispatch({ type: "address", config: { ...state.config, recipe: state.recipes[0].id } });
    driver.startRun();
    await feed.choose(state.config.data, savesData());
  },
  // The lesson can be read without an engine.
  unsupported: () => void bringBelow(),
  unstarted: () => void bringBelow(),
  started(event, before) {
    writeHash();
    driver.effects.started?.(event, before);
    watching.effects.started?.(event, before);
    if (state.latent.length === state.run?.latent) decode();
    else dispatch({ type: "latents", values: latents(FIRST_LATENT) });
    const run = state.run;
    const own = () => state.taking?.generator?.run === run?.run;
    if (run) lend(run.recipe, () => state.run?.run === run.run && state.step === 0 && !own());
  },
  pretrained: decode,
  // The digit follows the finger: it does not wait for the next frame.
  decoded: () => document.hidden || latent(state, text),
  samples: decode,
  refused(event, before) {
    driver.effects.refused?.(event, before);
    watching.effects.refused?.(event, before);
    if (state.run) writeHash();
  },
  returned(event, before) {
    writeHash();
    watching.effects.returned?.(event, before);
  },
  digits({ pixels, step }) {
    const name = saveDigits(pixels, state.run?.recipe ?? "gan", step);
    say("info", "download.done", { name, step });
  },
  knob(event, before) {
    writeHash();
    driver.effects.knob?.(event, before);
  },
  recipe: writeHash,
  seed: writeHash,
  dice: () => dispatch({ type: "seed", value: `${randomWord()}` }),
  latent: decode,
  kind: decode,
  latents: decode,
  randomise: () => dispatch({ type: "latents", values: latents(randomWord()) }),
  zero() {
    const { modes } = latentsOf(state.run);
    const zeros = state.latent.map(() => 0);
    dispatch({ type: "latents", values: withMode(zeros, modes, modeIn(state.latent, modes)) });
  },
  mode: ({ mode }) =>
    dispatch({ type: "latents", values: withMode(state.latent, latentsOf(state.run).modes, mode) }),
  source({ source }, { data }) {
    writeHash();
    if (state.nextData) return;
    const whole = data?.images === data?.total || state.download?.state === "fetching";
    if (data?.source !== source || !whole) void feed.choose(source);
  },
  mirror() {
    writeHash();
    feed.mirror();
  },
  files({ files, transfer }) {
    if (below) return below.take(files, state.upright, transfer);
    // What a drop holds is only told while it is handled.
    const kept = keepDrop(transfer);
    awaited.push(() => below?.take(files, state.upright, kept));
    dispatch({ type: "note", note: { tone: "info", key: "files.later", args: {} } });
  },
  upright: ({ on }) => feed.turn(on),
  "take-sample": () => client.send({ type: "sample", count: SAMPLES, seed: SAMPLE_SEED }),
  language: async ({ lang }) => setLanguage(await loadText(lang, below !== null)),
  compare({ on }) {
    if (on === (second !== null)) return;
    second?.close();
    second = (on && below?.openSecond(summon, state, schedule)) || null;
    second?.follow(state, feed.inUse());
    schedule();
  },
  second: ({ event }) => second?.act(event),
  share,
};

/** @param {"info" | "error"} tone @param {string} key @param {Record<string, string | number>} [args] */
const say = (tone, key, args = {}) => dispatch({ type: "note", note: { tone, key, args } });

/** Brings the panels below the first screen, once; where the network has gone, as soon as it is back. @param {number} [tries] */
async function bringBelow(tries = 1) {
  if (below) return;
  const [module, whole] = await Promise.all([
    import("./below.js").then(async (module) => (await module.styled(), module)),
    loadText(text.lang, true),
  ]).catch(() => []);
  if (!module || !whole) {
    if (tries === SAID_AT) say("error", "trouble.below");
    return void setTimeout(() => void bringBelow(tries + 1), AGAIN_MS);
  }
  try {
    below ??= module.createBelow({ act: dispatch, now, text: () => text, decode, client, feed, sight });
  } catch (error) {
    /** @type {HTMLButtonElement} */ (byId("to-lesson")).disabled = true;
    throw error;
  }
  dispatch({ type: "dismiss", key: "trouble.below" });
  // They have painted nothing yet.
  setLanguage(whole.lang === text.lang ? whole : await loadText(text.lang, true));
  root.dataset.whole = "true";
  dispatch({ type: "dismiss", key: "files.later" });
  for (const take of awaited.splice(0)) take();
  // The handlers know what has been painted.
  requestAnimationFrame(() => requestAnimationFrame(() => again("below")));
}

/** Asks for the digit of the sliders, where the run has any. */
function decode() {
  if (state.run?.latent) client.decode(state.latent, state.kind, state.morphing?.mix);
}

const randomWord = () => crypto.getRandomValues(new Uint32Array(1))[0];

/** Latents for the present run's sliders. @param {number} seed */
const latents = (seed) => drawLatent(latentsOf(state.run), seed);

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
    // Where the browser keeps nothing, the switch lasts as long as the page.
    keep("lang", other);
    dispatch({ type: "language", lang: other });
  };
  painted = initial();
  schedule();
}

function schedule() {
  asked ||= requestAnimationFrame(frame);
}

/** Paints, or waits a frame for the digit of the sliders: between the finger and its digit nothing else takes the time. */
function frame() {
  asked = 0;
  if (owed || !client.isDecoding()) return paint();
  owed = true;
  schedule();
}

function paint() {
  cancelAnimationFrame(asked);
  asked = 0;
  owed = false;
  // Amid a fade nothing else has changed.
  if (painted === state) digits.paint(state, text);
  else {
    painted = state;
    // The root last, so that what it says is already on the screen.
    callAll([...views, ...(below?.views ?? []), stuck, facts].map((view) => () => view(state, text)));
  }
  below?.compare(state, second?.state() ?? null, text);
  if (digits.isFading()) schedule();
}

/** Whether the visitor asked the browser to save data. */
function savesData() {
  return (
    /** @type {{ connection?: { saveData?: boolean } }} */ (navigator).connection?.saveData === true &&
    !state.wanted
  );
}

document.getElementById("share")?.addEventListener("click", () => dispatch({ type: "share" }));
document.addEventListener("visibilitychange", () => away.turn(state, text));
again("main");

// Time travel: the kept moments of the run on a line, to look at, to play, and to go on from.
import { lookedAt } from "../moments.js";
import { byId, drawDigits, fillTrack, mark, write } from "./dom.js";
import { stripView } from "./strip.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */

/** Between two moments of a time-lapse. */
const LAPSE_MS = 125;
const MEBI = 1 << 20;

/** @param {import("../types.js").Act} act @param {(view: import("../types.js").View) => import("../types.js").View} whenSeen what paints only while the panel is on the screen @returns {import("../types.js").View} */
export function timelineView(act, whenSeen) {
  const section = byId("timeline");
  const slider = /** @type {HTMLInputElement} */ (byId("moment"));
  const back = /** @type {HTMLButtonElement} */ (byId("go-back"));
  const toNow = /** @type {HTMLButtonElement} */ (byId("to-now"));
  const lapse = byId("lapse");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const paintStrip = whenSeen(stripView(byId("strip"), choose));
  const paintGrid = whenSeen(gridView());
  /** @type {[State, Text] | null} */
  let latest = null;
  /** Of the time-lapse; 0 while none plays. */
  let timer = 0;

  /** Looks at a stop of the line, as the visitor asks: the last is the present. @param {number} stop */
  function choose(stop) {
    end();
    look(stop);
  }

  /** @param {number} stop */
  function look(stop) {
    const moment = latest?.[0].moments[stop]?.id ?? null;
    if (latest && latest[0].looking !== moment) act({ type: "look-at", moment });
  }

  /** To the next moment, or to the present after the last. */
  function forward() {
    const state = latest?.[0];
    if (!state) return;
    const next = state.looking === null ? 0 : placeOf(state) + 1;
    if (next >= state.moments.length) end();
    look(next);
  }

  function end() {
    clearInterval(timer);
    timer = 0;
    if (latest) paint(...latest);
  }

  lapse.addEventListener("click", () => {
    if (timer) return end();
    if (!still.matches) timer = setInterval(forward, LAPSE_MS);
    forward();
  });
  slider.addEventListener("input", () => choose(Number(slider.value)));
  for (const button of [toNow, byId("looking-back")])
    button.addEventListener("click", () => choose(Infinity));
  back.addEventListener("click", () => {
    end();
    const moment = latest?.[0].looking ?? null;
    if (moment !== null) act({ type: "go-back", moment });
  });

  /** @param {State} state @param {Text} text */
  function paint(state, text) {
    latest = [state, text];
    const { moments } = state;
    const moment = lookedAt(state);
    // Whoever presses Train meanwhile wants to see the present.
    if (timer && !moment) return end();
    mark(section, "data-moments", `${moments.length}`);
    mark(section, "data-branch", `${state.branch}`);
    const memory = { count: moments.length, used: state.momentBytes / MEBI, most: state.momentMost / MEBI };
    write(byId("timeline-memory"), moments.length ? text.t("timeline.memory", memory) : "");
    write(lapse, text.t(timer ? "timeline.stop" : still.matches ? "timeline.next" : "timeline.play"));

    slider.max = `${moments.length}`;
    const value = `${moment ? moments.indexOf(moment) : moments.length}`;
    if (slider.value !== value) slider.value = value;
    fillTrack(slider);
    mark(slider, "aria-valuetext", place(state, text));
    write(byId("moment-text"), place(state, text));
    back.disabled = toNow.disabled = moment === null;

    byId("looking").hidden = moment === null;
    byId("samples-hint").hidden = moment !== null;
    if (moment) write(byId("looking-text"), text.t("timeline.looking", { step: moment.step }));
    paintStrip(state, text);
    paintGrid(state, text);
  }
  return paint;
}

/** Where the looked-at moment stands. @param {State} state */
const placeOf = ({ moments, looking }) => moments.findIndex(({ id }) => id === looking);

/** What is looked at, in words: its step, and its branch where there are several. @param {State} state @param {Text} text */
function place(state, text) {
  const moment = lookedAt(state);
  const { step, branch } = moment ?? state;
  const fork = state.forks[branch - 1];
  const said = text.t(moment ? "timeline.at" : "timeline.at.now", { step });
  if (state.forks.length === 0) return said;
  const which = fork ? "timeline.on.later" : "timeline.on.first";
  return `${said}${text.t(which, { branch: branch + 1, step: fork?.step ?? 0 })}`;
}

/** All digits of the moment looked at, or of the present, beside the strip: the grid itself may be off the screen. @returns {import("../types.js").View} */
function gridView() {
  const canvas = /** @type {HTMLCanvasElement} */ (byId("moment-grid"));
  /** @type {Uint8Array | null} */
  let drawn = null;
  drawDigits(canvas, new Uint8Array(canvas.width * canvas.height));
  return (state, text) => {
    const moment = lookedAt(state);
    const pixels = moment?.pixels ?? state.samples;
    if (pixels && pixels !== drawn) drawDigits(canvas, pixels);
    drawn = pixels;
    mark(canvas, "aria-label", text.t("digits.samples.alt", { step: moment?.step ?? state.step }));
  };
}

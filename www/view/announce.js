// What a screen reader says by itself: where training stands now and then, what was pressed at once, each alarm once.
import { alarmSentence } from "./alarm.js";
import { byId, write } from "./dom.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Alarm} Alarm */
/** @typedef {import("../types.js").Sentence & { alarm?: Alarm }} Sentence with the alarm whose evidence it tells */

const EVERY_MS = 15_000;

/** Returns what there is to say each time it hears of the state. @returns {(state: State, now: number) => Sentence[]} */
export function createTeller() {
  let said = { place: "", step: 0, at: 0 };
  /** @type {string[]} */
  let alarms = [];

  return (state, now) => {
    const place = placeOf(state);
    /** @type {Sentence[]} */
    const news = [];
    const due = now - said.at >= EVERY_MS;
    const moved = place !== said.place || (place.startsWith("paused") && state.step !== said.step);
    if (place && (moved || (due && state.phase === "training"))) {
      news.push(...sentencesOf(state, moved, said));
      said = { place, step: state.step, at: now };
    }
    for (const alarm of state.alarms) {
      const key = `alarm.${alarm.alarm}`;
      if (!alarms.includes(alarm.alarm)) news.push({ key, args: {}, alarm }, { key: `${key}.why`, args: {} });
    }
    alarms = state.alarms.map(({ alarm }) => alarm);
    return news;
  };
}

/** What makes a moment another one for a listener; "" while nothing is certain yet. @param {State} state */
function placeOf({ phase, trouble, run, digest, pace }) {
  if (trouble) return `trouble ${trouble.key}`;
  // Paused is what the worker has confirmed; between two phases that are played on it is no rest.
  if (phase === "loading" || !run || (phase === "paused" && (!digest || pace))) return "";
  return `${phase} ${run.run}`;
}

/** @param {State} state @param {boolean} moved @param {{ place: string }} before @returns {Sentence[]} */
function sentencesOf({ phase, trouble, step, waiting, ...seen }, moved, before) {
  if (trouble) return [trouble];
  if (phase === "ready") return [{ key: before.place ? "said.reset" : "status.ready", args: {} }];
  if (phase === "paused") return [{ key: "said.paused", args: { step } }];
  if (moved) return [{ key: "said.training", args: { step } }];
  const { glance } = /** @type {{ glance?: { stage: string } | null }} */ (/** @type {unknown} */ (seen));
  const now = { key: waiting ? "said.waiting" : "said.step", args: { step } };
  return glance ? [now, { key: `stage.${glance.stage}`, args: {} }] : [now];
}

/** @returns {import("../types.js").View} */
export function announceView() {
  const box = byId("announce");
  const tell = createTeller();
  return (state, text) => {
    const news = tell(state, performance.now()).filter(({ key, message }) => message || text.has(key));
    const said = news.map((sentence) =>
      sentence.alarm ? alarmSentence(sentence.alarm, text) : text.say(sentence),
    );
    if (said.length) write(box, said.join(" "));
  };
}

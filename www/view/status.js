// The one sentence on what is happening; where something is wrong, what it is, why, and what may help.
import { alarmName, alarmReason, alarmSentence, cure, done, gravest } from "./alarm.js";
import { appears } from "../figures.js";
import { byId, make, mark, write } from "./dom.js";
import { waitingFor } from "../state.js";
import { knobName } from "./knob.js";

/** @typedef {import("../types.js").Act} Act */
/** @typedef {import("../types.js").Alarm} Alarm */
/** @typedef {import("../types.js").RemedyInfo} Remedy */
/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {[key: string, args?: Record<string, number>]} Said */

/** @param {Act} act @returns {import("../types.js").View} */
export function statusView(act) {
  const box = byId("status");
  const sentence = byId("status-text");
  const button = byId("remedy");
  const fold = byId("alarm-fold");
  const reason = byId("alarm-why");
  const paintCures = cures(act);
  /** The alarm that is folded to one line, until another takes its place. @type {Alarm | null} */
  let folded = null;
  /** @type {[State, Text] | null} */
  let latest = null;
  /** The last word on health: D's score changes ten times a second, a sentence should not. @type {{ glance: State["glance"], said: Said | null }} */
  let healthy = { glance: null, said: null };
  let remedy = "none";

  button.addEventListener("click", () => {
    if (remedy === "reload") location.reload();
    else if (remedy === "restart" || remedy === "reset") act({ type: remedy });
  });
  fold.addEventListener("click", () => {
    if (!latest) return;
    folded = folded ? null : gravest(latest[0]);
    paint(...latest);
  });

  /** @param {State} state @returns {Said} */
  function calm(state) {
    if (healthy.glance !== state.glance) healthy = { glance: state.glance, said: health(state) };
    const training = state.phase === "training" && !state.waiting && state.run;
    // What Train does then is asked first.
    if (state.phase === "paused" && !state.standing && waitingFor(state).length)
      return ["status.paused.asks", { step: state.step }];
    return (training && healthy.said) || now(state);
  }

  /** @param {State} state @param {Text} text */
  function paint(state, text) {
    latest = [state, text];
    const stopped = state.trouble;
    const alarm = stopped ? null : gravest(state);
    if (folded !== alarm) folded = null;
    if (stopped) write(sentence, trouble(stopped, text));
    else if (alarm) write(sentence, folded ? alarmName(alarm.alarm, text) : alarmSentence(alarm, text));
    else write(sentence, text.t(...calm(state)));
    const waits = state.waiting || state.phase === "loading";
    mark(box, "data-tone", stopped || alarm ? "bad" : waits ? "wait" : "good");

    remedy = stopped?.remedy ?? "none";
    button.hidden = remedy === "none";
    if (remedy !== "none") write(button, text.t(`remedy.${remedy}`));
    fold.hidden = !alarm;
    write(fold, text.t(folded ? "alarm.show" : "alarm.hide"));
    mark(fold, "aria-expanded", `${!folded}`);
    reason.hidden = !alarm || folded !== null;
    if (alarm) write(reason, alarmReason(alarm, text));
    const open = alarm && !folded ? alarm.remedies : [];
    paintCures(stopped ? (stopped.remedies ?? []) : open, state, text);
  }
  return paint;
}

/** The buttons of what may help, most promising first. @param {Act} act */
function cures(act) {
  const box = byId("cures");
  let built = "";

  /** @param {Remedy} remedy @param {State} state @param {Text} text */
  function button(remedy, state, text) {
    const turned = done(remedy, state);
    const made = make("button", { type: "button", class: "pill" }, cure(remedy, text));
    made.dataset.cure = remedy.name;
    const knobs = Object.entries(remedy.knobs).map(([key, value]) => `${knobName(key, text)}: ${value}`);
    made.title = knobs.join(", ");
    mark(made, "aria-disabled", turned ? "true" : null);
    if (!turned) made.addEventListener("click", () => act({ type: "remedy", remedy }));
    return made;
  }

  /** @param {Remedy[]} remedies @param {State} state @param {Text} text */
  return (remedies, state, text) => {
    const turned = remedies.map((remedy) => done(remedy, state));
    const wanted = JSON.stringify([remedies, turned, text.lang]);
    if (wanted === built) return;
    built = wanted;
    box.hidden = remedies.length === 0;
    box.replaceChildren(...remedies.map((remedy) => button(remedy, state, text)));
  };
}

/** @param {import("../types.js").Trouble} trouble @param {Text} text */
export function trouble(trouble, text) {
  const advice = trouble.key === "error.not-finite" ? ` ${text.t("fault.advice")}` : "";
  return text.say(trouble) + advice;
}

/** How a run does by what was seen of it; null where nothing can be said. @param {Pick<State, "glance" | "scores" | "data" | "catalogue">} state @returns {Said | null} */
export function health({ glance, scores, data, catalogue }) {
  // The judge knows digits only: of other pictures it would say nothing true.
  if (!glance || data?.source === "files") return null;
  const stages = catalogue?.stages ?? [];
  if (!stages.find(({ stage }) => stage === glance.stage)?.digits) return [`health.${glance.stage}`];
  const own = glance.classes.filter((_, kind) => appears(glance.own[kind]));
  const [count, all] = [own.filter((digits) => digits > 0).length, own.length];
  const read = glance.classes.reduce((sum, digits) => sum + digits, 0);
  const args = { count, all, share: Math.floor((100 * read) / glance.digits) };
  const key = healthKey(glance.stage === stages.at(-1)?.stage, count === all, all === glance.classes.length);
  return scores ? [`${key}.right`, { ...args, right: Math.round(100 * scores.right) }] : [key, args];
}

/** Half-made digits are not called healthy. @param {boolean} crisp @param {boolean} complete @param {boolean} ten */
function healthKey(crisp, complete, ten) {
  if (!crisp) return "health.digits";
  if (!complete) return "health.some";
  return ten ? "health.all" : "health.own";
}

/** @param {State} state @returns {Said} */
export function now({ phase, run, data, unchecked, waiting, step, standing, amid, arriving }) {
  if (!run) return starting(phase === "training" ? "status.loading.wanted" : "status.loading", arriving);
  if (phase === "training" && waiting)
    return [data?.usable && step > 0 ? "status.waiting.more" : "status.waiting"];
  if (phase === "training" && unchecked) return ["status.training.unchecked"];
  if (phase === "training") return [`status.training.${data?.source ?? "mnist"}`];
  if (standing && amid) return [`status.amid.${amid.phase}`, { step: step + 1 }];
  if (phase === "paused") return ["status.paused", { step }];
  return [data?.usable ? "status.ready" : "status.ready.waiting"];
}

/** How far the engine has come. @param {string} key @param {State["arriving"]} arriving @returns {Said} */
function starting(key, arriving) {
  if (!arriving) return [key];
  const [received, total] = [arriving.received, arriving.total].map((bytes) => Math.round(bytes / 1000));
  // A total that is passed was none.
  return total >= received ? [`${key}.of`, { received, total }] : [`${key}.some`, { received }];
}

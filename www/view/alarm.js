// Alarms in words: what is wrong on what evidence, why such a thing happens, and what each remedy would do.
import { newestKept } from "../moments.js";

/** @typedef {import("../types.js").Alarm} Alarm */
/** @typedef {import("../types.js").RemedyInfo} Remedy */
/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */

/** What to say first where several hold: the first causes the others. A G that nothing pulls makes one picture; its mode collapse comes of that. */
const GRAVEST = ["divergence", "d-wins", "g-wins", "mode-collapse", "copies", "forgets", "oscillation"];
/** Beyond it a person no longer reads a number. */
const MILLION = 1e6;

/** The alarm to show of those that hold. @param {Alarm[]} alarms @returns {Alarm | null} */
export const gravest = (alarms) =>
  GRAVEST.map((name) => alarms.find(({ alarm }) => alarm === name)).find(Boolean) ?? alarms.at(-1) ?? null;

/** @param {string} alarm its name @param {Text} text */
export const alarmName = (alarm, text) => text.t(`alarm.${alarm}`);

/** What is wrong, with the evidence. @param {Pick<Alarm, "alarm" | "args">} alarm @param {Text} text */
export function alarmSentence({ alarm, args }, text) {
  const key = `alarm.${alarm}.${sized(args) ?? args.says}`;
  return text.has(key) ? text.t(key, inWords(args, text)) : alarmName(alarm, text);
}

/** How a size is said that no number should say. @param {Alarm["args"]} args @returns {"endless" | "million" | null} */
function sized({ times }) {
  if (times === undefined) return null;
  if (!Number.isFinite(Number(times))) return "endless";
  return Number(times) > MILLION ? "million" : null;
}

/** Why such a thing happens. @param {Pick<Alarm, "alarm">} alarm @param {Text} text */
export const alarmReason = ({ alarm }, text) => text.t(`alarm.${alarm}.why`);

/** The evidence as a sentence takes it: classes and signals by their names. @param {Alarm["args"]} args @param {Text} text @returns {Record<string, string | number>} */
function inWords({ class: one, classes, signal, times, side, ...others }, text) {
  return {
    ...others,
    ...(one !== undefined && { class: text.t(`digit.many.${one}`) }),
    ...(classes !== undefined && { classes: text.either(classes.split(", ")) }),
    ...(signal !== undefined && { signal: text.t(`signal.${signal}`) }),
    ...(times !== undefined && { times: Number(times) }),
    ...(side !== undefined && { side: side.toUpperCase(), from: side === "a" ? "B" : "A" }),
  };
}

/** What a remedy would do. @param {Remedy} remedy @param {Text} text */
export function cure({ name, knobs, fresh, step }, text) {
  const args = { ...knobs, ...(step !== undefined && { step }) };
  const said = text.t(`cure.${name}`, args);
  return fresh ? text.t("cure.fresh", { cure: said }) : said;
}

/** A remedy as it is open now: going back goes to what is still kept, or not at all. @param {Remedy} remedy @param {State} state @returns {Remedy | null} */
export function open(remedy, state) {
  if (remedy.step === undefined) return remedy;
  const moment = newestKept(state, remedy.step);
  return moment && { ...remedy, moment: moment.id, step: moment.step };
}

/** Whether all that a remedy turns is so already. @param {Remedy} remedy @param {State} state */
export const done = ({ knobs, fresh, step }, { run }) =>
  !fresh && step === undefined && Object.entries(knobs).every(([key, value]) => same(run?.knobs[key], value));

/** Whether two values of a knob are the same: numbers by their size however they are written, all others by their letters. @param {string | undefined} a @param {string} b */
function same(a, b) {
  if (a === undefined || a === b) return a === b;
  const number = (/** @type {string} */ value) => (value.trim() === "" ? NaN : Number(value));
  return number(a) === number(b);
}

/** After a fault: back to the newest moment, with both rates halved. @param {State} state @returns {Remedy | null} */
export function afterFault(state) {
  const moment = newestKept(state);
  const half = ["g_rate", "d_rate"].flatMap((key) => {
    const rate = Number(state.run?.knobs[key]);
    return rate > 0 ? [[key, `${Number((rate / 2).toFixed(9))}`]] : [];
  });
  if (state.trouble?.key !== "error.not-finite" || !moment || half.length < 2) return null;
  const knobs = Object.fromEntries(half);
  return { name: "go-back-slower", knobs, fresh: false, moment: moment.id, step: moment.step };
}

// Alarms in words: what is wrong on what evidence, why such a thing happens, and what each remedy would do.

/** @typedef {import("../types.js").Alarm} Alarm */
/** @typedef {import("../types.js").RemedyInfo} Remedy */
/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */

/** Beyond it a person no longer reads a number. */
const MILLION = 1e6;

/** The alarm to show of those that hold. @param {Pick<State, "alarms" | "catalogue">} state @returns {Alarm | null} */
export function gravest({ alarms, catalogue }) {
  const held = (catalogue?.alarms ?? []).map((facts) => alarms.find(({ alarm }) => alarm === facts.alarm));
  return held.find(Boolean) ?? alarms.at(-1) ?? null;
}

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
function inWords({ class: one, classes, signal, times, steps, side, ...others }, text) {
  return {
    ...others,
    ...(one !== undefined && { class: text.t(`digit.many.${one}`) }),
    ...(classes !== undefined && { classes: text.either(classes.split(", ")) }),
    ...(signal !== undefined && { signal: text.t(`signal.${signal}`) }),
    ...(times !== undefined && { times: Number(times) }),
    ...(steps !== undefined && { steps: Number(steps) }),
    ...(side !== undefined && { side: side.toUpperCase(), from: side === "a" ? "B" : "A" }),
  };
}

/** What a remedy would do. @param {Remedy} remedy @param {Text} text */
export function cure({ name, knobs, fresh, step }, text) {
  const args = { ...knobs, ...(step !== undefined && { step }) };
  const said = text.t(`cure.${name}`, args);
  return fresh ? text.t("cure.fresh", { cure: said }) : said;
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

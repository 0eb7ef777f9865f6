// One control for each kind of knob: slider with an exact field, switch, choice, layer sizes.
import { fillTrack, make, mark, write } from "./dom.js";

/** @typedef {import("../types.js").KnobInfo} KnobInfo */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {{ element: HTMLElement, show: (value: string) => void }} Control */

/** A slider's positions; its value follows from them by the knob's scale. */
const STEPS = 1000;

/**
 * @param {KnobInfo} info @param {Text} text @param {(value: string) => void} turn
 * @param {string} [scope] goes before ids and names where a page has the same knob twice @returns {Control}
 */
export function knobControl(info, text, turn, scope = "") {
  const { kind, key } = info;
  const reason = make(
    "p",
    { class: "why", id: `${scope}why-${key}` },
    text.has(`knob.${key}.why`) ? text.t(`knob.${key}.why`) : "",
  );
  if (kind.is === "flag") return flag(info, text, turn, reason);
  if (kind.is === "choice") return choice(info, kind.options, text, turn, reason, scope);
  if (kind.is === "sizes") return sizes(info, text, turn, reason);
  return range(info, kind, text, turn, reason);
}

/** @param {string} key @param {Text} text */
export const knobName = (key, text) => (text.has(`knob.${key}.name`) ? text.t(`knob.${key}.name`) : key);

/** Marks a knob that waits for a new run. @param {KnobInfo} info @param {Text} text */
const badge = ({ live }, text) =>
  live ? "" : make("span", { class: "badge", title: text.t("knob.fresh.title") }, text.t("knob.fresh"));

/**
 * @param {KnobInfo} info @param {Extract<KnobInfo["kind"], { min: number }>} kind
 * @param {Text} text @param {(value: string) => void} turn @param {HTMLElement} reason @returns {Control}
 */
function range(info, kind, text, turn, reason) {
  const name = knobName(info.key, text);
  const scale = scaleOf(kind);
  const slider = make("input", {
    type: "range",
    min: "0",
    max: `${STEPS}`,
    step: "1",
    "aria-label": name,
    "aria-describedby": reason.id,
  });
  const exact = make("input", {
    class: "number",
    inputmode: "decimal",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": text.t("knob.exact", { name }),
  });
  slider.addEventListener("input", () => turn(scale.value(Number(slider.value) / STEPS)));
  exact.addEventListener("change", () => turn(typed(exact.value, kind.is !== "integer")));
  const top = make("div", { class: "knob-top" }, make("span", {}, name, " ", badge(info, text)), exact);
  const element = make("div", { class: "knob" }, top, slider, reason);
  return {
    element,
    show(value) {
      mark(slider, "aria-valuetext", value);
      if (document.activeElement !== exact || !exact.dataset.value || exact.dataset.value !== value)
        exact.value = value;
      exact.dataset.value = value;
      if (scale.value(Number(slider.value) / STEPS) !== value)
        slider.value = `${Math.round(scale.part(Number(value)) * STEPS)}`;
      fillTrack(slider);
    },
  };
}

/**
 * A number as it was typed, as the engine reads it. Where numbers have a decimal comma, the keyboard of a phone offers no point; a Chinese one
 * writes wide digits, and a full stop that is a ring.
 * @param {string} text @param {boolean} [decimal] whether it may have a fraction: elsewhere a comma would separate thousands
 */
export function typed(text, decimal = false) {
  const plain = text.normalize("NFKC").trim();
  return decimal ? plain.replace(/^([^.,。]*)[,。]([^.,。]*)$/, "$1.$2") : plain;
}

/**
 * How positions from 0 to 1 map to values: evenly, or by ratio where a range spans more than two powers of ten.
 * @param {Extract<KnobInfo["kind"], { min: number }>} kind
 */
export function scaleOf(kind) {
  const { min, max } = kind;
  const log = kind.is === "number" ? kind.log : min > 0 && max / min >= 100;
  const at = log
    ? (/** @type {number} */ part) => min * (max / min) ** part
    : (/** @type {number} */ part) => min + (max - min) * part;
  const clamp = (/** @type {number} */ value) =>
    Math.min(max, Math.max(min, Number.isFinite(value) ? value : min));
  const part = log
    ? (/** @type {number} */ value) => Math.log(clamp(value) / min) / Math.log(max / min)
    : (/** @type {number} */ value) => (clamp(value) - min) / (max - min || 1);
  const step = 10 ** Math.floor(Math.log10((max - min) / 100 || 1));
  /** @param {number} position */
  const value = (position) => {
    const exact = at(position);
    if (kind.is === "integer") return `${Math.round(exact)}`;
    return `${Number(log ? exact.toPrecision(2) : clamp(Math.round(exact / step) * step).toFixed(4))}`;
  };
  return { value, part };
}

/** @param {KnobInfo} info @param {Text} text @param {(value: string) => void} turn @param {HTMLElement} reason @returns {Control} */
function flag(info, text, turn, reason) {
  const box = make("input", { type: "checkbox", role: "switch", "aria-describedby": reason.id });
  box.addEventListener("change", () => turn(`${box.checked}`));
  const label = make("label", { class: "switch" }, box, make("span", {}, knobName(info.key, text)));
  const element = make(
    "div",
    { class: "knob" },
    make("div", { class: "knob-top" }, label, badge(info, text)),
    reason,
  );
  return { element, show: (value) => void (box.checked = value === "true") };
}

/** @param {KnobInfo} info @param {string[]} options @param {Text} text @param {(value: string) => void} turn @param {HTMLElement} reason @param {string} scope @returns {Control} */
function choice(info, options, text, turn, reason, scope) {
  const inputs = options.map((option) => {
    const input = make("input", { type: "radio", name: `${scope}knob-${info.key}`, value: option });
    input.addEventListener("change", () => turn(option));
    return input;
  });
  const labels = inputs.map((input) =>
    make("label", {}, input, make("span", {}, text.knob(info, input.value))),
  );
  const legend = make("legend", {}, knobName(info.key, text), " ", badge(info, text));
  const element = make("fieldset", { class: "knob segmented", "aria-describedby": reason.id }, legend);
  element.append(make("div", { class: "segments" }, ...labels), reason);
  return { element, show: (value) => inputs.forEach((input) => (input.checked = input.value === value)) };
}

/** @param {KnobInfo} info @param {Text} text @param {(value: string) => void} turn @param {HTMLElement} reason @returns {Control} */
function sizes(info, text, turn, reason) {
  const field = make("input", {
    class: "number",
    autocomplete: "off",
    spellcheck: "false",
    "aria-describedby": reason.id,
  });
  // Spaces and commas between sizes are as clear as hyphens.
  field.addEventListener("change", () => turn(typed(field.value).replace(/[\s,、]+/g, "-")));
  const label = make("label", {}, make("span", {}, knobName(info.key, text), " ", badge(info, text)), field);
  const element = make("div", { class: "knob sizes" }, label, reason);
  return {
    element,
    show(value) {
      // What is being typed stays, unless the value itself is another one.
      if (document.activeElement !== field || field.dataset.value !== value) field.value = value;
      field.dataset.value = value;
    },
  };
}

/** Says a group's present values in one line. @param {HTMLElement} summary @param {KnobInfo[]} infos @param {(key: string) => string} value @param {Text} text */
export function summarise(summary, infos, value, text) {
  const parts = infos.map((info) => {
    const now = value(info.key);
    if (info.kind.is === "flag") return now === "true" ? knobName(info.key, text) : "";
    const short = `knob.${info.key}.short`;
    return text.has(short) ? text.t(short, { value: text.knob(info, now) }) : text.knob(info, now);
  });
  const line = parts.filter((part) => part !== "").join(" · ");
  write(summary, line);
  mark(summary, "title", line);
}

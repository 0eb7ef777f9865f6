// Mixing classes, where G is told one: from one class to another, or ten shares.
import { partOf, sharesOf } from "../morphing-mix.js";
import { morphingOf } from "../morphing-state.js";
import { percent, slider } from "./morph-make.js";
import { fillTrack, make, mark, write } from "./dom.js";

/** @typedef {import("../types.js").Text} Text */

/** @param {import("../types.js").Act} act */
export function mixView(act) {
  /** @type {[number, number]} */
  let ends = [0, 1];
  const selects = /** @type {const} */ ([0, 1]).map((which) => {
    const select = make("select", { "data-t-label": which === 0 ? "morph.mix.from" : "morph.mix.to" });
    select.addEventListener("change", () => {
      ends[which] = Number(select.value);
      tell();
    });
    return select;
  });
  const part = slider(
    { min: "0", max: "1", step: "0.01", value: "0", "data-t-label": "morph.mix.part" },
    () => tell(),
  );
  const says = make("p", { class: "says" });
  const list = make("div", { class: "morph-shares", role: "group", "data-t-label": "morph.mix.all" });
  const box = make(
    "div",
    { class: "morph-mix" },
    make(
      "div",
      { class: "heading" },
      make("h3", { "data-t": "morph.mix" }),
      make("small", { "data-t": "morph.mix.about" }),
    ),
    make("div", { class: "morph-between" }, selects[0], part, selects[1]),
    says,
    make("details", {}, make("summary", { "data-t": "morph.mix.all" }), list),
  );
  /** @type {HTMLInputElement[]} */
  let inputs = [];

  function tell() {
    act({ type: "morph-between", a: ends[0], b: ends[1], part: Number(part.value) });
  }

  /** @param {number} count @param {Text} text */
  function build(count, text) {
    const kinds = Array.from({ length: count }, (_, kind) => kind);
    for (const select of selects)
      select.replaceChildren(...kinds.map((kind) => make("option", { value: `${kind}` }, `${kind}`)));
    inputs = kinds.map((kind) =>
      slider(
        { min: "0", max: "1", step: "0.01", "aria-label": text.t("morph.mix.share", { kind }) },
        (share) => act({ type: "morph-share", kind, share }),
      ),
    );
    const rows = kinds.map((kind) =>
      make("div", {}, make("span", { "aria-hidden": "true" }, `${kind}`), inputs[kind]),
    );
    list.replaceChildren(...rows);
  }
  let built = "";

  /** @type {import("../types.js").View} */
  function paint(state, text) {
    const count = state.run?.classes ?? 0;
    box.hidden = count === 0;
    if (count === 0) return;
    if (built !== `${count} ${text.lang}`) build(count, text);
    built = `${count} ${text.lang}`;
    const { mixed, mix } = morphingOf(state);
    ends = [...mixed];
    selects.forEach((select, which) => {
      if (select.value !== `${mixed[which]}`) select.value = `${mixed[which]}`;
    });
    const shares = sharesOf({ kind: state.kind, mix }, count);
    put(part, partOf(shares, ...mixed), text);
    inputs.forEach((input, kind) => put(input, shares[kind], text));
    write(says, told(shares, text));
  }
  return { box, paint };
}

/** @param {HTMLInputElement} input @param {number} share @param {Text} text */
function put(input, share, text) {
  const value = `${Math.round(share * 100) / 100}`;
  if (input.value === value && input.dataset.value === value) return;
  input.value = input.dataset.value = value;
  mark(input, "aria-valuetext", text.t("morph.percent", { share: percent(share, text) }));
  fillTrack(input);
}

/** The mixture in words: its largest shares. @param {number[]} shares @param {Text} text */
function told(shares, text) {
  const parts = shares
    .map((share, kind) => ({ share, kind }))
    .filter(({ share }) => share >= 0.005)
    .sort((a, b) => b.share - a.share);
  if (parts.length === 1) return text.t("morph.mix.one", { kind: parts[0].kind });
  const words = parts
    .slice(0, 4)
    .map(({ share, kind }) => text.t("morph.mix.of", { kind, share: text.number(share * 100) }));
  return text.t("morph.mix.says", { parts: words.join(text.t("morph.mix.and")) });
}

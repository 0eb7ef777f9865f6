// The two nets, layer by layer, as a row of numbers each with what happens there, and the download of fresh digits.
import { byId, make, mark, write } from "./dom.js";

/** @typedef {import("../types.js").Text} Text */
/** @typedef {{ units: string, lines: string[] }} Stop */

/** Layers that set no width of their own, each said with its number. */
const PLAIN = ["dropout", "maxout", "label", "pack", "noise", "add"];

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function netsView(act) {
  const download = byId("download");
  download.addEventListener("click", () => act({ type: "take-sample" }));
  let shown = "";
  return (state, text) => {
    const { run } = state;
    mark(download, "title", text.t("download.why"));
    const key = run ? `${run.run} ${run.recipe} ${run.generator} ${run.discriminator} ${text.lang}` : "";
    if (key === shown || !run) return;
    shown = key;
    const pixels = { units: text.number(784), lines: [text.t("nets.pixels.caption")] };
    const latent = { units: text.number(run.latent), lines: [text.t("nets.latent.caption")] };
    const verdicts = stops(run.discriminator, text, { ...pixels, lines: [...pixels.lines] });
    verdicts.at(-1)?.lines.push(text.t("nets.verdict"));
    row("net-g", stops(run.generator, text, run.latent ? latent : pixels));
    row("net-d", verdicts);
    write(byId("weights-g"), text.t("nets.weights", { count: run.generator_weights }));
    write(byId("weights-d"), text.t("nets.weights", { count: run.discriminator_weights }));
  };
}

/**
 * Gathers layers such as `dense 100 relu`, `conv 12 kernel 4 stride 2 padding 1 relu`, `batch-norm relu`, `dropout 0.3` into one stop
 * for each that sets a width. Words it does not know stay as they are.
 * @param {string[]} layers @param {Text} text @param {Stop} [first] what enters @returns {Stop[]}
 */
export function stops(layers, text, first) {
  /** @type {Stop[]} */
  const found = first ? [first] : [];
  let side = 28;
  for (const layer of layers) {
    const [kind, ...details] = layer.split(" ");
    const words = details.filter((word) => word !== "identity");
    const last = found.at(-1);
    if (kind === "dense")
      found.push({ units: text.number(Number(words.shift())), lines: words.map((word) => say(word, text)) });
    else if (kind === "reshape" && words[0].startsWith("1x1x")) continue;
    else if (kind === "reshape" && last) {
      last.units = words[0].replaceAll("x", "×");
      side = parseInt(words[0]);
    } else if (kind === "conv" || kind === "deconv") {
      const [channels, , kernel, , stride, , padding] = words.splice(0, 7).map(Number);
      side = kind === "conv" ? Math.floor((side + 2 * padding - kernel) / stride) + 1 : side * stride;
      const lines = [text.t(`layer.${kind}`, { kernel }), ...words.map((word) => say(word, text))];
      found.push({ units: `${side}×${side}×${channels}`, lines });
    } else if (PLAIN.includes(kind)) last?.lines.push(text.t(`layer.${kind}`, { units: words.join(" ") }));
    else last?.lines.push(...[kind, ...words].map((word) => say(word, text)));
  }
  return found;
}

/** @param {string} word @param {Text} text */
const say = (word, text) => (text.has(`layer.${word}`) ? text.t(`layer.${word}`) : word);

/** @param {string} id @param {Stop[]} all */
function row(id, all) {
  const items = all.map(({ units, lines }) =>
    make("li", {}, make("b", {}, units), ...lines.map((line) => make("span", {}, line))),
  );
  byId(id).replaceChildren(...items);
}

// What D says: its scores of real and of generated digits as a histogram, how often it is right, V, and the distance that follows from it.
import { factsOf } from "../losses.js";
import { gameOf, lead, MOST_APART, partOf, places, sides, verdict } from "../figures.js";
import { byId, mark, write } from "./dom.js";
import { histogram } from "./histogram.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("../figures.js").Scores} Scores */

/** The loss of the run, as the recipe or the visitor set it. @param {State} state */
const lossOf = ({ run }) => run?.knobs.loss ?? "";

/** Whether D gives probabilities; before there is a run, as the first one will. @param {State} state */
const givesOdds = ({ catalogue, run }) => factsOf(catalogue, run?.knobs)?.probability ?? true;

/** A score that is no probability, by the loss's word for it where there is one. @param {number} score @param {State} state @param {Text} text */
export function scoreSays(score, state, text) {
  const own = `inspect.score.${lossOf(state)}`;
  return text.t(text.has(own) ? own : "inspect.score", { score: text.number(score, places(score)) });
}

/** The last scores, where they are still of the loss in use. @param {State} state */
export const scoresOf = (state) => (state.scores?.probability === givesOdds(state) ? state.scores : null);

/** A share in percent; near its ends with one more digit, so that 99.6 is not all. @param {number} share @param {Text} text */
export const percent = (share, text) =>
  text.number(share * 100, (share > 0.99 && share < 1) || (share > 0 && share < 0.01) ? 1 : 0);

/** Facts of the panel for whoever reads the page by program; painted or not. @type {import("../types.js").View} */
export function scoresFacts(state) {
  const panel = byId("scores");
  const scores = scoresOf(state);
  const odds = givesOdds(state);
  const fact = (/** @type {number | undefined} */ value) => (value === undefined ? null : `${value}`);
  mark(panel, "data-right", fact(scores?.right));
  mark(panel, "data-counts", scores ? `${total(scores.real)},${total(scores.fake)}` : null);
  mark(panel, "data-scale", odds ? "probability" : "critic");
  const game = odds ? gameOf(state) : null;
  mark(panel, "data-value", fact(game?.value));
  mark(panel, "data-jsd", fact(game?.jsd));
  mark(panel, "data-step", fact(game?.step));
}

/** @param {number[]} bins */
const total = (bins) => bins.reduce((sum, count) => sum + count, 0);

/** @returns {import("../types.js").View} */
export function scoresView() {
  const canvas = /** @type {HTMLCanvasElement} */ (byId("histogram"));
  const chart = histogram(canvas);
  let shown = "";
  return (state, text) => {
    const scores = scoresOf(state);
    const odds = givesOdds(state);
    chart.show(scores);
    byId("scores-empty").hidden = scores !== null;
    write(byId("scores-hint"), text.t(`scores.hint.${odds ? "odds" : lossOf(state)}`));
    axis(scores, odds, text);
    says(scores, text, canvas);
    byId("apart").hidden = !odds;
    byId("scores-kind").hidden = odds;
    if (odds) apart(state, text);
    else write(byId("scores-kind"), kind(state, text));
    const wanted = `${odds} ${lossOf(state)} ${text.lang}`;
    if (wanted === shown) return;
    shown = wanted;
    write(byId("scores-how-game"), text.t(odds ? "scores.how.value" : "scores.how.no-value"));
    byId("scores-how-apart").hidden = !odds;
  };
}

/** The numbers under the bars. @param {Scores | null} scores @param {boolean} odds @param {Text} text */
function axis(scores, odds, text) {
  const number = (/** @type {number} */ value) => text.number(value, places(value));
  const [low, middle, high] = [byId("scores-low"), byId("scores-middle"), byId("scores-high")];
  write(low, odds ? text.t("scores.low") : scores ? number(scores.low) : "");
  write(middle, odds ? text.number(0.5, 1) : scores ? number(scores.middle) : "");
  write(high, odds ? text.t("scores.high") : scores ? number(scores.high) : "");
  const at = scores ? partOf(scores.middle, scores.low, scores.high) : 0.5;
  middle.style.setProperty("--at", `${at}`);
  // Where it would run into an end's number, the line says enough.
  middle.classList.toggle("close", at < 0.17 || at > 0.83);
}

/** How often D is right, in words. @param {Scores | null} scores @param {Text} text @param {HTMLElement} canvas */
function says(scores, text, canvas) {
  if (!scores) {
    write(byId("scores-says"), text.t("scores.about"));
    mark(canvas, "aria-label", text.t("scores.empty"));
    return;
  }
  const { real, fake } = sides(scores);
  const args = {
    right: percent(scores.right, text),
    real: percent(real, text),
    fake: percent(fake, text),
  };
  write(byId("scores-says"), text.t(`scores.right.${verdict(scores.right)}`, args));
  const counts = { reals: total(scores.real), fakes: total(scores.fake) };
  mark(canvas, "aria-label", text.t("scores.alt", { ...args, ...counts }));
}

/** V, and how far apart the two kinds of digits are at least. @param {State} state @param {Text} text */
export function apart(state, text) {
  const game = gameOf(state);
  const gauge = byId("gauge");
  const bound = game && Math.max(0, game.jsd);
  const said = !game
    ? "–"
    : game.jsd < 0
      ? text.t("scores.apart.none", { jsd: text.number(0) })
      : game.error === null
        ? text.number(game.jsd, 3)
        : text.t("scores.apart.about", { jsd: text.number(game.jsd, 3), error: text.number(game.error, 3) });
  write(byId("game-value"), game ? text.number(game.value, 3) : "–");
  write(byId("jsd"), said);
  gauge.classList.toggle("empty", !game);
  gauge.style.setProperty("--at", `${partOf(bound ?? 0, 0, MOST_APART)}`);
  mark(gauge, "aria-valuemax", MOST_APART.toFixed(3));
  mark(gauge, "aria-valuenow", Math.min(MOST_APART, bound ?? 0).toFixed(3));
  mark(gauge, "aria-valuetext", game ? said : text.t("scores.apart.unknown"));
  const key = !game ? "unknown" : game.jsd < 0 ? "below" : "least";
  const pack = Number(state.run?.knobs.pack ?? 1);
  write(
    byId("apart-says"),
    [text.t(`scores.apart.${key}`), pack > 1 && game ? text.t("scores.apart.packs", { pack }) : ""]
      .filter(Boolean)
      .join(" "),
  );
  const { digits = 0, step = 0 } = game ?? {};
  write(
    byId("apart-of"),
    game ? text.t(digits ? "scores.apart.of" : "scores.apart.to", { digits, step }) : "",
  );
}

/** What a score is that is no probability. @param {State} state @param {Text} text */
function kind(state, text) {
  const knobs = state.run?.knobs ?? {};
  const scores = scoresOf(state);
  const ahead = scores ? lead(scores) : null;
  const target = (/** @type {string | undefined} */ value, /** @type {number} */ otherwise) =>
    text.number(Number(value ?? otherwise), Number(value ?? otherwise) % 1 ? 2 : 0);
  return text.t(`scores.kind.${lossOf(state)}`, {
    real: target(knobs.real_target, 1),
    fake: target(knobs.fake_target, 0),
    lead: ahead === null ? "–" : text.number(ahead, places(ahead)),
  });
}

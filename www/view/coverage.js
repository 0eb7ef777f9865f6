// Which digits appear: a bar for each, as the judge reads the digits that G makes, and how far they are from equal shares.
import { appears, coverageOf, divergenceFrom, EQUAL_SHARE, evenness, extremes, UNREAD } from "../figures.js";
import { byId, make, mark, write } from "./dom.js";
import { percent } from "./scores.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {NonNullable<ReturnType<typeof coverageOf>>} Coverage */

/** The least share that the highest bar may have to fill the plot: equal ones stand at a third of it. */
const LEAST_TOP = 0.3;

/** Facts of the panel for whoever reads the page by program; painted or not. @type {import("../types.js").View} */
export function coverageFacts(state) {
  const panel = byId("coverage");
  const found = coverageOf(state);
  mark(panel, "data-shares", found ? found.shares.join(",") : null);
  mark(panel, "data-read", found ? `${found.read}` : null);
  mark(panel, "data-confidence", found ? `${found.confidence}` : null);
  mark(panel, "data-divergence", found ? `${found.divergence}` : null);
  mark(panel, "data-step", found ? `${found.step}` : null);
}

/** @returns {import("../types.js").View} */
export function coverageView() {
  const box = byId("classes-seen");
  const bars = Array.from({ length: 10 }, (_, kind) => {
    const share = make("span", { class: "share" });
    const bar = make("span", { class: "rod" });
    box.append(make("div", { class: "kind" }, share, bar, make("span", { class: "name" }, `${kind}`)));
    return { bar, share };
  });
  /** @type {unknown[]} */
  let painted = [];
  return (state, text) => {
    const now = [state.glance, state.survey, state.judge, state.step === 0, state.data?.source, text.lang];
    if (now.every((value, i) => value === painted[i])) return;
    painted = now;
    const found = coverageOf(state);
    box.classList.toggle("empty", !found);
    byId("coverage-empty").hidden = found !== null;
    byId("coverage-files").hidden = state.data?.source !== "files";
    write(byId("coverage-of"), found ? of(found, text) : "");
    const top = Math.max(LEAST_TOP, ...(found?.shares ?? []));
    box.style.setProperty("--equal", `${EQUAL_SHARE / top}`);
    mark(box, "data-equal", text.t("coverage.equal"));
    bars.forEach(({ bar, share }, kind) => {
      const part = found?.shares[kind] ?? 0;
      bar.style.setProperty("--part", `${part / top}`);
      write(share, found ? percent(part, text) : "");
    });
    write(byId("coverage-empty"), text.t(`coverage.judge.${state.judge}`));
    write(byId("coverage-says"), found ? says(found, text) : text.t("coverage.about"));
    mark(box, "aria-label", found ? alternative(found, text) : text.t(`coverage.judge.${state.judge}`));
  };
}

/** Of how many digits. @param {Coverage} found @param {Text} text */
const of = ({ survey, digits, read, step }, text) =>
  text.t(survey ? "coverage.of.survey" : "coverage.of.glance", { digits, read, step });

/** @param {Coverage} found @param {Text} text */
function says({ shares, own, read, readable, divergence }, text) {
  if (read === 0) return text.t("coverage.says.none");
  const { top, least, missing } = extremes(shares, own);
  const word = evenness(divergenceFrom(shares, own));
  const some = word === "one-sided" ? "one-sided.missing" : "missing";
  const all = word === "even" && own.some((share) => !appears(share)) ? "even.own" : word;
  const first = text.t(`coverage.says.${missing.length > 0 ? some : all}`, {
    top: `${top}`,
    share: percent(shares[top], text),
    least: `${least}`,
    lowest: percent(shares[least], text),
    missing: missing.join(text.t("coverage.and")),
    word: text.t(`coverage.word.${word}`),
  });
  const judged = text.t(readable < UNREAD ? "coverage.unsure" : "coverage.sure", {
    readable: percent(readable, text),
    divergence: text.number(divergence, 2),
  });
  return text.t("coverage.both", { first, judged });
}

/** All ten numbers in a sentence. @param {Coverage} found @param {Text} text */
function alternative(found, text) {
  const all = found.shares.map((share, kind) =>
    text.t("coverage.alt.one", { kind: `${kind}`, share: percent(share, text) }),
  );
  return text.t("coverage.alt", { of: of(found, text), all: all.join(text.t("coverage.and")) });
}

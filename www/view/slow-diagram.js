// The diagram of an iteration: noise through G to digits, digits through D to scores, scores to losses, and what comes back.
import { rightOf, seenIn } from "../amid.js";
import { drawDigits, make, mark, write } from "./dom.js";
import { probability, short } from "./slow-formula.js";
import { saidOf, shownOf } from "./slow-lines.js";
import { buildStage, SIDE } from "./slow-stage.js";
import { drawLatents, drawLine, drawSigned, showScores } from "./slow-tensors.js";

/** @typedef {import("../types.js").Amid} Amid */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("../types.js").Turn} Turn */
/** @typedef {import("./slow-formula.js").Rules} Rules */

/** Builds the diagram; what it returns paints it. @param {HTMLElement} stage */
export function diagram(stage) {
  buildStage(stage);
  /** @param {string} name @returns {HTMLElement} */
  const part = (name) => /** @type {HTMLElement} */ (stage.querySelector(`[data-part="${name}"]`));
  /** @param {string} name @returns {HTMLCanvasElement} */
  const canvas = (name) => /** @type {HTMLCanvasElement} */ (part(name).querySelector("canvas"));
  const nothing = new Uint8Array(SIDE * SIDE * 784);

  /** @param {Rules} rules @param {Text} text */
  function captions({ cycle }, text) {
    const names = { z: cycle ? "slow.a" : "slow.z", fake: cycle ? "pairs.a-b" : "digits.generated" };
    const rest = { real: cycle ? "pairs.b" : "digits.real", push: "slow.push" };
    for (const [name, key] of Object.entries({ ...names, ...rest }))
      write(/** @type {Element} */ (part(name).firstElementChild), text.t(key));
    part("z").classList.toggle("unseen-here", cycle);
  }

  /** @param {Amid | null} amid @param {Set<string>} seen @param {Text} text */
  function pictures(amid, seen, text) {
    const tensors = amid?.view;
    const count = (/** @type {ArrayLike<number> | undefined} */ bytes) => (bytes?.length ?? 0) / 784;
    for (const name of /** @type {const} */ (["fake", "real", "push"])) {
      const bytes = seen.has(name) ? tensors?.[name] : undefined;
      if (name === "push") drawSigned(canvas(name), bytes ?? []);
      else drawDigits(canvas(name), padded(bytes, nothing));
      mark(canvas(name), "aria-label", text.t(`slow.${name}.alt`, { count: count(bytes) }));
      mark(part(name), "data-filled", bytes?.length ? "" : null);
    }
    const { latent = 0, latents = [] } = (seen.has("z") && tensors) || {};
    drawLatents(canvas("z"), latents, latent);
    mark(canvas("z"), "aria-label", text.t("slow.z.alt", { count: latent ? latents.length / latent : 0 }));
    mark(part("z"), "data-filled", latent ? "" : null);
  }

  /** @param {Amid | null} amid @param {Set<string>} seen @param {Rules} rules @param {Text} text */
  function scores(amid, seen, rules, text) {
    const sure = rules.facts.probability;
    const of = (/** @type {"real" | "fake"} */ which) =>
      amid && seen.has(`${which}-scores`) ? shownOf(amid.view[`${which}_scores`], rules) : [];
    const raw = { real: of("real"), fake: of("fake") };
    const all = [...raw.real, ...raw.fake, ...(amid ? [] : [0])];
    const middle = rules.middle ?? 0;
    const ends = sure
      ? { low: 0, high: 1, from: 0 }
      : { low: Math.min(...all, middle), high: Math.max(...all, middle), from: middle };
    for (const which of /** @type {const} */ (["real", "fake"])) {
      const [caption, list, words] = part(`${which}-scores`).children;
      const name = rules.cycle ? "phase.cycle.d-fake.name" : "losses.fake";
      write(caption, text.t(which === "real" ? "losses.real" : name));
      mark(list, "aria-label", text.t(which === "real" ? "slow.scores.real" : "slow.scores.fake"));
      const values = raw[which].map((score) => (sure ? probability(score) : score));
      const texts = raw[which].map((score) => saidOf(score, rules, text.number));
      showScores(/** @type {HTMLElement} */ (list), values, texts, ends);
      write(words, values.length ? summary(which, raw[which], rules, text) : "");
      mark(part(`${which}-scores`), "data-filled", values.length ? "" : null);
    }
  }

  /** @param {Amid | null} amid @param {Set<string>} seen @param {Rules} rules @param {Text} text */
  function losses(amid, seen, rules, text) {
    const [real, fake, g, held] = amid?.losses ?? [];
    const extra = rules.cycle || rules.penalty > 0 || rules.r1 > 0 || rules.r2 > 0;
    /** @type {[string, number][]} */
    const ofD = [
      ["slow.on-real", real],
      ["slow.on-fake", fake],
    ];
    if (extra && !rules.cycle) ofD.push(["slow.penalty", held]);
    /** @type {[string, number][]} */
    const ofG = rules.cycle
      ? [
          ["slow.game", g],
          ["slow.kept", held],
        ]
      : [];
    for (const [who, rows] of /** @type {const} */ ([
      ["d", ofD],
      ["g", ofG],
    ])) {
      const known = seen.has(`${who}-loss`);
      const total = rows.length ? rows.reduce((sum, [, value]) => sum + value, 0) : g;
      const value = (/** @type {number} */ number) => (known ? short(number, text.number) : "–");
      const lines = [...rows, /** @type {[string, number]} */ (["slow.total", total])];
      const list = /** @type {HTMLElement} */ (part(`${who}-loss`).lastElementChild);
      list.replaceChildren(
        ...lines.map(([key, number]) =>
          make("div", {}, make("dt", {}, text.t(key)), make("dd", {}, value(number))),
        ),
      );
      mark(part(`${who}-loss`), "data-filled", known ? "" : null);
      const norm = amid?.norms[who === "d" ? 0 : 1] ?? 0;
      const way = /** @type {HTMLElement} */ (part(`${who}-back`).firstElementChild);
      const moved = known && amid?.phase === `${who}-update`;
      const args = { norm: short(norm, text.number) };
      write(way, text.t(moved ? `slow.back.${who}.norm` : `slow.back.${who}`, args));
    }
  }

  /** @param {Amid | null} amid @param {Text} text */
  function players(amid, text) {
    for (const who of /** @type {const} */ (["g", "d"])) {
      const state = !amid ? "" : doing(who, amid.phase);
      write(/** @type {Element} */ (part(who).lastElementChild), state ? text.t(`slow.${state}`) : "");
    }
  }

  /** How far D came by itself. @param {Turn[]} alone @param {Rules} rules @param {Text} text */
  function gain(alone, rules, text) {
    const box = part("gain");
    box.hidden = alone.length < 2 || rules.cycle;
    const values = alone.map(({ loss }) => loss);
    write(/** @type {Element} */ (box.lastElementChild), box.hidden ? "" : aloneOf(alone, text));
    if (!box.hidden) drawLine(/** @type {SVGElement} */ (box.querySelector("polyline")), values);
  }

  return (
    /** @type {Amid | null} */ amid,
    /** @type {Turn[]} */ alone,
    /** @type {Rules} */ rules,
    /** @type {readonly import("../types.js").PhaseFacts[]} */ phases,
    /** @type {Text} */ text,
  ) => {
    const game = { phases, cycle: rules.cycle, compares: rules.facts.compares };
    const { seen, work } = amid
      ? seenIn(amid, game)
      : { seen: /** @type {Set<string>} */ (new Set()), work: new Set() };
    captions(rules, text);
    pictures(amid, seen, text);
    scores(amid, seen, rules, text);
    losses(amid, seen, rules, text);
    players(amid, text);
    gain(alone, rules, text);
    mark(stage, "data-busy", amid ? "" : null);
    for (const element of stage.querySelectorAll("[data-part]"))
      element.classList.toggle("at-work", work.has(element.getAttribute("data-part") ?? ""));
  };
}

/** Whether a player learns in a phase or is held still. @param {"g" | "d"} who @param {Amid["phase"]} phase */
function doing(who, phase) {
  if (phase === `${who}-update`) return "learns";
  const turn = phase.startsWith("g-") ? "g" : phase.startsWith("d-") ? "d" : "";
  return turn && turn !== who ? "still" : "";
}

/** Digits on a whole grid. @param {Uint8Array | undefined} bytes @param {Uint8Array} nothing */
function padded(bytes, nothing) {
  if (!bytes?.length) return nothing;
  if (bytes.length === nothing.length) return bytes;
  const whole = nothing.slice();
  whole.set(bytes);
  return whole;
}

/** Their mean, on how many D was right, and what a score is of. @param {"real" | "fake"} which @param {number[]} scores @param {Rules} rules @param {Text} text */
function summary(which, scores, rules, text) {
  const shown = scores.map((score) => (rules.facts.probability ? probability(score) : score));
  const mean = shown.reduce((sum, value) => sum + value, 0) / shown.length;
  const parts = [text.t("slow.mean", { mean: short(mean, text.number) })];
  if (rules.middle !== null) {
    const [real, fake] = which === "real" ? [scores, []] : [[], scores];
    parts.push(text.t("slow.right", { right: rightOf(real, fake, rules.middle), of: scores.length }));
  }
  if (rules.cycle) parts.push(text.t("slow.patches", { count: scores.length }));
  else if (rules.pack > 1) parts.push(text.t("slow.packed", { pack: rules.pack }));
  return parts.join(" · ");
}

/** @param {Turn[]} alone D's steps since G last moved @param {Text} text */
function aloneOf(alone, text) {
  const [first, last] = [alone[0], alone[alone.length - 1]];
  const parts = [text.t("slow.alone", { count: alone.length })];
  if (first.right !== null && last.right !== null)
    parts.push(text.t("slow.alone.right", { before: first.right, after: last.right, of: last.of }));
  const [before, after] = [first, last].map(({ loss }) => short(loss, text.number));
  parts.push(text.t("slow.alone.loss", { before, after }), text.t("slow.alone.best"));
  return parts.join(gapOf(text));
}

/** What stands between two sentences. @param {Text} text */
export const gapOf = ({ lang }) => (lang === "zh" ? "" : " ");

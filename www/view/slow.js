// Slow motion: one iteration phase by phase, each with its sentence, its formula with today's values, and the tensors at hand.
import { isCycle, iterationOf, phasesOf } from "../amid.js";
import { factsOf } from "../losses.js";
import { byId, fillTrack, make, mark, translate, write } from "./dom.js";
import { mathOf } from "./math.js";
import { diagram, gapOf } from "./slow-diagram.js";
import { rulesOf, short } from "./slow-formula.js";
import { linesOf } from "./slow-lines.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("../types.js").Amid} Amid */
/** @typedef {import("../types.js").PhaseFacts} PhaseFacts */
/** @typedef {import("./slow-formula.js").Rules} Rules */

/** Phases a second at the slider's stops; the last one is to train. */
const PACES = [1, 2, 4, 8, 16, Infinity];
/** Faster than this, phases are not read out. */
const READ_OUT = 2;

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function slowView(act) {
  const box = /** @type {HTMLDetailsElement} */ (byId("slow-details"));
  const speed = /** @type {HTMLInputElement} */ (byId("slow-speed"));
  const play = byId("slow-play");
  /** @type {ReturnType<typeof show> | null} */
  let inside = null;
  /** @type {[State, Text] | null} */
  let latest = null;
  /** Whether the slider's last stop is what trains. */
  let full = false;

  const pace = () => PACES[Number(speed.value)];
  const playing = () => latest !== null && (latest[0].pace !== null || latest[0].phase === "training");

  function start() {
    full = pace() === Infinity;
    act(full ? { type: "train" } : { type: "pace", pace: pace() });
  }

  byId("slow-d").addEventListener("click", () => act({ type: "advance", by: "d" }));
  byId("slow-g").addEventListener("click", () => act({ type: "advance", by: "g" }));
  byId("slow-both").addEventListener("click", () => act({ type: "pace", pace: Infinity }));
  byId("slow-next").addEventListener("click", () => act({ type: "advance", by: "phase" }));
  play.addEventListener("click", () => {
    if (!playing()) return start();
    act(latest?.[0].phase === "training" ? { type: "pause" } : { type: "pace", pace: null });
  });
  speed.addEventListener("input", () => {
    const slow = latest?.[0].pace !== null && latest?.[0].pace !== Infinity;
    if (slow || (full && latest?.[0].phase === "training")) start();
    if (latest) controls(...latest);
  });
  box.addEventListener("toggle", () => {
    if (!box.open && latest?.[0].pace) act({ type: "pace", pace: null });
    if (latest) paint(...latest);
  });

  /** @param {State} state @param {Text} text */
  function controls(state, text) {
    write(play, text.t(playing() ? "slow.stop" : "slow.play"));
    for (const who of ["d", "g", "both", "next"])
      mark(byId(`slow-${who}`), "title", text.t(`slow.${who}.why`));
    const said = pace() === Infinity ? "slow.pace.full" : "slow.pace";
    const words = text.t(said, { count: pace() === Infinity ? "" : pace() });
    write(byId("slow-pace"), words);
    mark(speed, "aria-valuetext", words);
    fillTrack(speed);
  }

  /** @type {import("../types.js").View} */
  function paint(state, text) {
    latest = [state, text];
    // Folded, it costs nothing.
    if (!box.open) return;
    if (!inside) {
      inside = show();
      translate(text);
    }
    controls(state, text);
    inside(state, text);
  }
  return paint;
}

/** What is inside, built when it is first unfolded. */
function show() {
  const phases = byId("slow-phases");
  const said = byId("slow-said");
  const formula = byId("slow-formula");
  const paintStage = diagram(byId("slow-stage"));
  let built = "";
  /** @type {unknown[]} */
  let painted = [];

  /** @param {readonly PhaseFacts[]} order @param {boolean} cycle @param {Text} text */
  function build(order, cycle, text) {
    phases.replaceChildren(
      ...order.map(({ phase, actor }) => {
        const attributes = { class: actor === "data" ? "real" : actor, "data-step": phase };
        return make(
          "li",
          attributes,
          make("span", {}, nameOf(phase, cycle, text)),
          make("small", {}, text.t("slow.next-one")),
        );
      }),
    );
  }

  /** Which phase was played, and which is next. @param {Amid | null} amid @param {readonly PhaseFacts[]} order */
  function strip(amid, order) {
    const next = amid?.next ?? order[0].phase;
    for (const item of phases.children) {
      const phase = item.getAttribute("data-step");
      mark(item, "aria-current", phase === amid?.phase ? "step" : null);
      mark(item, "data-next", phase === next ? "" : null);
      /** @type {HTMLElement} */ (item.lastElementChild).hidden = phase !== next;
    }
  }

  /** @param {State} state @param {Rules} rules @param {readonly PhaseFacts[]} order @param {Text} text */
  function sentences(state, rules, order, text) {
    const { amid, pace } = state;
    // Read out only what is played by hand, or slowly.
    mark(said, "aria-live", pace !== null && pace > READ_OUT ? "off" : "polite");
    const before = state.phase === "training" ? "slow.training" : "slow.start";
    const heading = text.t(`${before}.title`, { step: state.step + 1 });
    write(byId("slow-iteration"), amid ? title(amid, rules, order, text) : heading);
    write(byId("slow-says"), amid ? says(amid, rules, text) : text.t(before));
    const asides = amid ? asidesOf(state, amid, rules, text) : [];
    write(byId("slow-aside"), asides.join(gapOf(text)));
  }

  /** @param {Amid | null} amid @param {Rules} rules @param {readonly PhaseFacts[]} order @param {Text} text */
  function formulas(amid, rules, order, text) {
    const lines = amid ? linesOf(amid, rules, text.number, iterationOf(amid, order)) : [];
    formula.replaceChildren(
      ...lines.map(({ pieces, note }) => {
        const noted = note ? [make("small", {}, text.say(note))] : [];
        return make("p", {}, ...pieces.flatMap((piece) => [mathOf(piece), " "]), ...noted);
      }),
    );
  }

  return (/** @type {State} */ state, /** @type {Text} */ text) => {
    const { run, amid, alone, catalogue } = state;
    const knobs = amid?.knobs ?? run?.knobs ?? {};
    const facts = factsOf(catalogue, knobs);
    if (!run || !facts) return;
    const [cycle, order] = [isCycle(run), phasesOf(state, run)];
    if (built !== `${cycle} ${text.lang}`) build(order, cycle, text);
    built = `${cycle} ${text.lang}`;
    const rules = rulesOf(knobs, facts, { cycle, told: run.classes > 0 });
    sentences(state, rules, order, text);
    const now = [amid, text, run.run];
    if (now.every((value, i) => value === painted[i])) return;
    painted = now;
    strip(amid, order);
    formulas(amid, rules, order, text);
    paintStage(amid, alone, rules, order, text);
    // Last, so that what it says is already on the screen.
    const section = byId("slow");
    mark(section, "data-phase", amid?.phase ?? null);
    mark(section, "data-next", amid?.next ?? null);
    mark(section, "data-alone", `${alone.length}`);
  };
}

/** The key of a phase's words: CycleGAN's own where it has any. @param {Amid["phase"]} phase @param {boolean} cycle @param {string} what @param {Text} text */
function keyOf(phase, cycle, what, text) {
  const own = `phase.cycle.${phase}.${what}`;
  return cycle && text.has(own) ? own : `phase.${phase}.${what}`;
}

/** @param {Amid["phase"]} phase @param {boolean} cycle @param {Text} text */
const nameOf = (phase, cycle, text) => text.t(keyOf(phase, cycle, "name", text));

/** @param {Amid} amid @param {Rules} rules @param {readonly PhaseFacts[]} order @param {Text} text */
function title(amid, { cycle }, order, text) {
  const step = iterationOf(amid, order);
  return text.t("slow.iteration", { step, phase: nameOf(amid.phase, cycle, text) });
}

/** The phase's one sentence. @param {Amid} amid @param {Rules} rules @param {Text} text */
function says({ phase, view }, rules, text) {
  const key = keyOf(phase, rules.cycle, "says", text);
  const critic = rules.facts.targets ? "target" : "critic";
  const kinds = rules.facts.probability ? [] : [`${key}.${critic}`];
  if (phase === "g-generate" && !rules.fresh) kinds.push(`${key}.reused`);
  const targets = {
    "d-real": rules.targets.real,
    "d-fake": rules.targets.fake,
    "g-score": rules.targets.generator,
  };
  const target = short(targets[/** @type {keyof typeof targets} */ (phase)] ?? 0, text.number);
  return text.t(kinds.find((kind) => text.has(kind)) ?? key, {
    batch: rules.batch,
    latent: view.latent,
    target: trimmed(target),
  });
}

/** Without needless noughts. @param {string} text */
const trimmed = (text) => text.replace(/([.,]\d*?)0+$/, "$1").replace(/[.,]$/, "");

/** What is worth knowing besides. @param {State} state @param {Amid} amid @param {Rules} rules @param {Text} text */
function asidesOf({ alone }, amid, rules, text) {
  const found = [];
  const steps = Number(amid.knobs.d_steps ?? 1);
  const ofD = !amid.phase.startsWith("g-");
  const turn = alone.length + (amid.phase === "d-update" ? 0 : 1);
  if (!rules.cycle && steps > 1 && ofD && turn <= steps)
    found.push(text.t("slow.rounds", { count: steps, turn }));
  if (amid.phase === "g-update" && Number(amid.knobs.ema) > 0) found.push(text.t("slow.ema"));
  if (rules.cycle) found.push(text.t("slow.order"));
  return found;
}

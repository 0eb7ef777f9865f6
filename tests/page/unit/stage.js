// A page with a worker and a store that write down what they are asked, for the tests of kept runs.
import { createGoing } from "../../../www/keeping-going.js";
import { createOwning } from "../../../www/keeping-owning.js";
import { createSaving } from "../../../www/keeping-saving.js";
import { nothingKept, reduceKeeping } from "../../../www/keeping-state.js";
import { initial, reduce } from "../../../www/state.js";
import { data, kept, run } from "./kept.js";

export const scene = {
  curves: { ...initial().curves, steps: [1, 9] },
  slow: initial().slow,
  losses: [1, 2, 3],
  latent: [0.5, 1],
  kind: 0,
};

/** A page with a worker and a store that write down what they are asked. */
export function stage(more = {}, storing = {}) {
  let state = {
    ...initial(),
    run,
    data,
    step: 9,
    site: "has",
    config: { ...initial().config, data: "drawn" },
    keeping: { ...nothingKept(), store: "open" },
    ...more,
  };
  const [sent, told, said, opened] = [[], [], [], []];
  let use = { source: data.source, files: [], transposed: false, mirror: false };
  const page = {
    now: () => state,
    text: () => ({ has: () => false, t: (key, args) => `${key} ${Object.values(args ?? {})}` }),
    act(event) {
      told.push(event);
      state = reduceKeeping(reduce(state, event), event);
      going?.[event.type]?.(event, state);
    },
    client: {
      isReady: () => true,
      send: (command) => sent.push(command),
      resume: (bytes, elapsed) => (sent.push({ type: "resume", bytes, elapsed }), 5),
    },
    feed: {
      inUse: () => use,
      resume: () => {},
      take: (files, transposed) => opened.push({ files, transposed }),
    },
  };
  const stored = [];
  const store = {
    save: async (...given) => (stored.push(given), { kept: given[0], gone: [], cost: 1 }),
    load: async () => ({ kept: kept(), scene, bytes: new Uint8Array(3), set: null }),
    hasSet: async () => false,
    ...storing,
  };
  const say = (fault, args) => said.push({ code: fault.code, args });
  const owning = createOwning(undefined);
  const saving = createSaving(page, store, owning, "me", say);
  const going = createGoing(page, store, owning, saving, say);
  const opens = (next) => ((use = { ...use, source: next.source }), page.act({ type: "data", ...next }));
  return { page, sent, told, said, stored, opened, saving, opens, now: () => state };
}
export const settle = () => new Promise((resolve) => setTimeout(resolve));

// What the page knows of kept runs, and how events change it. Pure.

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").AnyEvent} AnyEvent */
/** @typedef {import("./keeping-types.js").Keeping} Keeping */
/** @typedef {import("./keeping-types.js").Kept} Kept */

/** Digits of a run's picture, as many a row, and bytes of one. */
export const PICTURE = 16;
export const ACROSS = 4;
const DIGIT = 784;

/** @returns {Keeping} */
export const nothingKept = () => ({
  store: "opening",
  full: false,
  failing: "",
  runs: [],
  elsewhere: [],
  id: null,
  saved: null,
  offer: null,
  going: null,
  room: null,
  lasting: null,
  cost: 0,
  since: 0,
});

/** A run that has nothing stored. */
const unstored = { id: null, saved: null, cost: 0 };

/** The present run as it is stored. @param {State} state @param {Extract<AnyEvent, { type: "autosaved" }>} snapshot @param {{ id: string, writer: string, date: number, format: number }} how @returns {Kept} */
export function recordOf(state, { step, digest, elapsed_ms, data, bytes }, how) {
  const { run, samples } = state;
  return {
    ...how,
    name: state.keeping?.runs.find(({ id }) => id === how.id)?.name ?? "",
    recipe: run?.recipe ?? "",
    seed: run?.seed ?? 0,
    knobs: { ...run?.knobs },
    build: state.build,
    step,
    digest,
    elapsed: elapsed_ms,
    source: state.data?.source ?? "drawn",
    data,
    size: bytes.length,
    picture: (samples ?? new Uint8Array(0)).slice(0, PICTURE * DIGIT),
  };
}

/** What else is needed to show the run as it is. @param {State} state @returns {import("./keeping-types.js").Scene} */
export const sceneOf = ({ curves, slow, losses, latent, kind, turned }) => ({
  curves,
  slow,
  losses,
  latent,
  kind,
  turned,
});

/** The run to offer: the newest that no other tab has and that can be read. @param {Keeping} keeping */
export const newest = ({ runs, elsewhere, id }) =>
  runs.find((run) => !run.broken && run.id !== id && !elsewhere.includes(run.id))?.id ?? null;

/** @type {{ [T in AnyEvent["type"]]?: (keeping: Keeping, event: Extract<AnyEvent, { type: T }>, state: State) => Keeping }} */
const on = {
  keeping: (keeping, { change }) => ({ ...keeping, ...change }),
  stored(keeping, { kept, gone, cost }) {
    const others = keeping.runs.filter(({ id }) => id !== kept.id && !gone.includes(id));
    const present = keeping.id === kept.id;
    return {
      ...keeping,
      full: false,
      failing: "",
      runs: [kept, ...others],
      saved: present ? kept.step : keeping.saved,
      cost: keeping.cost + (present ? cost : 0),
      offer: gone.includes(keeping.offer ?? "") ? null : keeping.offer,
    };
  },
  started(keeping, { run }) {
    const going = keeping.going?.run && keeping.going.run < run ? null : keeping.going;
    return { ...keeping, ...unstored, since: 0, going };
  },
  brought(keeping, { run, kept, same }) {
    if (keeping.going?.run !== run) return keeping;
    const goes = { ...keeping, going: null, offer: null, since: kept?.elapsed ?? 0 };
    return kept && same ? { ...goes, id: kept.id, saved: kept.step } : goes;
  },
  // What lies beyond the moment gone back to stays kept: from here on it is another run.
  returned: (keeping, { step }) => ((keeping.saved ?? 0) > step ? { ...keeping, ...unstored } : keeping),
  restart: (keeping) => ({
    ...keeping,
    ...unstored,
    offer: keeping.saved === null ? keeping.offer : keeping.id,
    going: null,
  }),
  refused(keeping, { command, run }) {
    return command === "resume" && keeping.going?.run === run ? { ...keeping, going: null } : keeping;
  },
  train: parted,
  step: parted,
  advance: parted,
  "decline-run": (keeping) => ({ ...keeping, offer: null }),
  "stop-continuing": (keeping) => (keeping.going?.run ? keeping : { ...keeping, going: null }),
  "rename-run": (keeping, { id, name }) => ({
    ...keeping,
    runs: keeping.runs.map((run) => (run.id === id ? { ...run, name } : run)),
  }),
};

/** The visitor trains the run that is there: the offer is declined. @param {Keeping} keeping */
function parted(keeping) {
  if (keeping.going?.run) return keeping;
  return keeping.offer || keeping.going ? { ...keeping, offer: null, going: null } : keeping;
}

/** Where the event concerns kept runs, the state with what is known of them. @param {State} state @param {AnyEvent} event @returns {State} */
export function reduceKeeping(state, event) {
  const handler = /** @type {((keeping: Keeping, event: AnyEvent, state: State) => Keeping) | undefined} */ (
    on[event.type]
  );
  if (!handler) return state;
  const old = state.keeping ?? nothingKept();
  const keeping = handler(old, event, state);
  if (event.type === "brought" && event.scene && old.going?.run === event.run)
    return { ...state, ...shown(state, event.scene), keeping };
  return keeping === state.keeping ? state : { ...state, keeping };
}

/** What a kept run's scene shows of it; its latents come as an event of their own. @param {State} state @param {import("./keeping-types.js").Scene} scene */
function shown(state, { curves, slow, losses, turned = "unknown" }) {
  return {
    curves: curves ?? state.curves,
    slow: slow ?? state.slow,
    losses: losses ?? state.losses,
    // On other digits it is another run whatever it was before.
    turned: state.turned === "unknown" ? turned : state.turned,
  };
}

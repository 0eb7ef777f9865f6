// The run beside the page's own: another worker with its own data and state, by the same rules; all of it ends with its panel.
import { connect } from "./client.js";
import { createDriver } from "./drive.js";
import { createFeed } from "./feed.js";
import { createHeartbeat } from "./heartbeat.js";
import { initial, isLive, pending, reduce } from "./state.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").AnyEvent} AnyEvent */
/** @typedef {import("./types.js").PageEvent} PageEvent */

/** How long settings rest before a run at step 0 starts over with them: a slider in motion builds no nets. */
const REST_MS = 150;

/**
 * Begins as a copy of `main`'s run.
 * @param {() => Worker} make starts a worker @param {State} main @param {() => void} changed hears of every change
 */
export function openSecond(make, main, changed) {
  const { recipe, knobs } = main.run ?? main.config;
  /** The page's run's seed, which this one takes until the visitor types another. */
  let theirs = `${main.run?.seed ?? main.config.seed}`;
  let own = false;
  let state = reduce(initial(), {
    type: "address",
    config: { recipe, knobs: { ...knobs }, seed: theirs, data: main.config.data },
  });
  let open = true;
  let timer = 0;
  /** @type {import("./feed.js").Use | null} */
  let digits = null;

  const client = connect(make, dispatch);
  const feed = createFeed(client, dispatch, () => driver.nextRun());
  const driver = createDriver(client, feed, () => state, dispatch);
  const heartbeat = createHeartbeat({ act: dispatch, now: () => state, client });

  /** @type {import("./drive.js").Effects} */
  const effects = {
    ...driver.effects,
    ready() {
      driver.startRun();
      if (digits) feed.follow(digits);
    },
    // Unlike the page's own, it takes the settings that wait along.
    reset(_, before) {
      clearTimeout(timer);
      if (!client.isReady()) return;
      if (before.phase === "training") client.send({ type: "pause" });
      driver.startRun();
    },
    recipe: settleSoon,
    seed: settleSoon,
    knob(event, before) {
      driver.effects.knob?.(event, before);
      settleSoon();
    },
  };

  /** @param {AnyEvent} event */
  function dispatch(event) {
    if (!open) return;
    const before = state;
    state = heartbeat.reduce(reduce(state, event), event);
    const effect = /** @type {((event: AnyEvent, before: State) => void) | undefined} */ (
      effects[event.type]
    );
    effect?.(event, before);
    if (event.type === "pong" || event.type === "restart") heartbeat.effects[event.type]();
    if (state !== before) changed();
  }

  /** Whether settings wait that a run without a step may as well begin with. */
  const unsettled = () =>
    state.step === 0 &&
    state.phase === "ready" &&
    pending(state).some((key) => key === "seed" || !isLive(state, key));

  function settle() {
    clearTimeout(timer);
    if (unsettled()) dispatch({ type: "reset" });
  }

  function settleSoon() {
    clearTimeout(timer);
    timer = setTimeout(settle, REST_MS);
  }

  return {
    state: () => state,
    /** What the visitor does. @param {PageEvent} event */
    act(event) {
      for (const { key } of state.notes) dispatch({ type: "dismiss", key });
      if (event.type === "seed") {
        own = event.value.trim() !== "";
        return dispatch(own ? event : { type: "seed", value: theirs });
      }
      if (event.type === "train") {
        // What stopped it would stop it again: its remedy stands beside.
        if (state.trouble) return;
        settle();
      }
      if (event.type === "new-run") return again();
      dispatch(event);
    },
    /** Keeps to the page's run: its digits, and its seed. @param {State} main @param {import("./feed.js").Use | null} use */
    follow({ run }, use) {
      if (use && use !== digits) {
        digits = use;
        if (client.isReady()) feed.follow(use);
      }
      if (run) theirs = `${run.seed}`;
      if (!own && state.config.seed !== theirs) dispatch({ type: "seed", value: theirs });
    },
    close() {
      open = false;
      clearTimeout(timer);
      heartbeat.end();
      feed.forget();
      client.close();
    },
  };

  /** Starts over with what the controls show, and goes on training where it did. */
  function again() {
    const training = state.phase === "training";
    dispatch({ type: "reset" });
    if (training) dispatch({ type: "train" });
  }
}

// What events ask of a worker: the same for the page's run and for the one beside it.
import { isLive, recipeOf } from "./state.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").AnyEvent} AnyEvent */
/** @typedef {{ [T in AnyEvent["type"]]?: (event: Extract<AnyEvent, { type: T }>, before: State) => void }} Effects */

/**
 * @param {ReturnType<typeof import("./client.js").connect>} client
 * @param {ReturnType<typeof import("./feed.js").createFeed>} feed
 * @param {() => State} now the state as it is
 * @param {(event: AnyEvent) => void} dispatch
 */
export function createDriver(client, feed, now, dispatch) {
  function run() {
    feed.resume();
    client.send({ type: "run" });
  }

  /** Starts what the controls show, and trains it where that is wanted. */
  function startRun() {
    const { recipe, seed, knobs } = now().config;
    client.start(recipe, seed, knobs);
    if (now().wanted) run();
  }

  /** An address with something wrong in it still gives a page that works: what was refused falls back to its default. @param {Extract<AnyEvent, { type: "refused" }>} event */
  function retryStart({ code, args }) {
    const { config } = now();
    const sizes = (recipeOf(now())?.knobs ?? []).filter(
      (knob) => knob.kind.is === "sizes" || knob.key === "latent",
    );
    const keys = code === "too-large" ? sizes.map((knob) => knob.key) : args.key ? [args.key] : [];
    const recipe = code === "unknown-recipe";
    const seed = code === "seed";
    const known = recipe || seed || keys.some((key) => key in config.knobs);
    if (!known && Object.keys(config.knobs).length === 0) return;
    dispatch({ type: "revert", recipe, seed, keys: known ? keys : Object.keys(config.knobs) });
    startRun();
  }

  /** @type {Effects} */
  const effects = {
    data: (event) => feed.hear(event),
    refused(event) {
      feed.hear(event);
      if (event.command === "start" && !now().run) retryStart(event);
    },
    train: () => client.isReady() && run(),
    pause: () => client.isReady() && client.send({ type: "pause" }),
    step: () => client.isReady() && client.send({ type: "step" }),
    reset(_, before) {
      const { run } = now();
      if (!run) return;
      if (before.phase === "training") client.send({ type: "pause" });
      client.start(run.recipe, `${run.seed}`, run.knobs);
    },
    "new-run"() {
      if (client.isReady()) startRun();
    },
    restart() {
      feed.forget();
      client.restart();
    },
    knob({ key, value }) {
      if (isLive(now(), key)) client.send({ type: "tune", key, value });
    },
  };
  return { startRun, effects };
}

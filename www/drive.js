// What events ask of a worker: the same for the page's run and for the one beside it.
import { isLive, recipeOf, settingOf, waitingFor } from "./state.js";

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
  /** The run that was asked for and is not there yet; 0: none. */
  let starting = 0;
  /** What is to be done once it is there. @type {"train" | "step" | null} */
  let after = null;

  function run() {
    feed.resume();
    client.send({ type: "run" });
  }

  /** Starts what the controls show; it trains where that is wanted, once it is there. @param {"train" | "step" | null} [then] */
  function startRun(then = null) {
    const { recipe, seed, knobs } = now().config;
    after = then;
    starting = client.start(recipe, seed, knobs);
    dispatch({ type: "asked", run: starting });
  }

  /** The data set that is opened next begins its run with what waits. */
  function nextRun() {
    if (!waitingFor(now()).some((key) => key !== "data")) return;
    const { recipe, seed, knobs } = now().config;
    dispatch({ type: "asked", run: client.next(recipe, seed, knobs) });
  }

  /** An address with something wrong in it still gives a page that works: what was refused falls back to its default. @param {Extract<AnyEvent, { type: "refused" }>} event */
  function retryStart({ code, args }) {
    const { config } = now();
    const sizes = (recipeOf(now())?.knobs ?? []).filter(
      (knob) => knob.kind.is === "sizes" || knob.key === "latent",
    );
    const setting = settingOf(now(), code);
    const keys = setting === "sizes" ? sizes.map((knob) => knob.key) : args.key ? [args.key] : [];
    const [recipe, seed] = [setting === "recipe", setting === "seed"];
    const known = recipe || seed || keys.some((key) => key in config.knobs);
    if (!known && Object.keys(config.knobs).length === 0) return;
    dispatch({ type: "revert", recipe, seed, keys: known ? keys : Object.keys(config.knobs) });
    startRun(after);
  }

  /** @type {Effects} */
  const effects = {
    data: (event) => feed.hear(event),
    wanted: (event) => feed.hear(event),
    identified: (event) => feed.hear(event),
    unreadable: (event) => feed.hear(event),
    started({ run: number }) {
      if (number < starting) return;
      starting = 0;
      const then = after;
      after = null;
      if (now().wanted) run();
      if (then) dispatch({ type: then });
    },
    refused(event) {
      feed.hear(event);
      if (event.command === "start" && event.run === starting) starting = 0;
      if (event.command === "start" && !now().run) return retryStart(event);
      if (["start", "next", "open", "images"].includes(event.command)) after = null;
    },
    // A run that is asked for trains once it is there; refused, the old one does not in its place.
    train: () => client.isReady() && !starting && run(),
    pause() {
      after = null;
      if (client.isReady()) client.send({ type: "pause" });
    },
    step: () => client.send({ type: "step" }),
    reset(_, before) {
      const { run } = now();
      if (!run) return;
      after = null;
      if (before.phase === "training") client.send({ type: "pause" });
      starting = client.start(run.recipe, `${run.seed}`, run.knobs);
    },
    "new-run"({ then = null }) {
      const { nextData } = now();
      if (!client.isReady()) return;
      if (!nextData) return startRun(then);
      after = then;
      dispatch({ type: "source", source: nextData, sure: true });
    },
    restart() {
      [starting, after] = [0, null];
      feed.forget();
      client.restart();
    },
    knob({ key, value }) {
      if (isLive(now(), key)) client.send({ type: "tune", key, value });
    },
  };
  return { startRun, nextRun, effects, isStarting: () => starting > 0 };
}

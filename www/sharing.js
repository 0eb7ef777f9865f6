// The page's address: always that of the run that is there, and what a copied link promises of it.
import { fromHash, inForce, toHash } from "./state.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Note} Note */

/** What is said of a copied link: what it carries, and where the run is another than the link gives. @param {Pick<State, "turned" | "data" | "run" | "config">} state @returns {Note} */
export function promise(state) {
  const { turned, data } = state;
  const files = data?.source === "files" ? ".files" : "";
  if (turned === "unknown") return { tone: "info", key: `share.unknown${files}`, args: {} };
  if (turned) return { tone: "info", key: `share.turned${files}`, args: { step: turned.step } };
  return { tone: "info", key: `share.done${files}`, args: {} };
}

/** The configuration that a link to the run carries. @param {State} state @returns {import("./types.js").Config} */
export function linked(state) {
  const config = { ...inForce(state), build: state.build };
  // Digits that stand in for those of the site are part of what the run is.
  return state.site === "has" && state.data?.source === "drawn" ? { ...config, data: "drawn" } : config;
}

/**
 * @param {() => State} now the state as it is @param {import("./types.js").Act} act
 * @param {() => void} start begins a run with the configuration
 */
export function createSharing(now, act, start) {
  // Another address is another run, and may be one on other digits.
  addEventListener("hashchange", () => {
    const { config, recipes } = now();
    const next = fromHash(location.hash);
    act({ type: "address", config: { ...next, recipe: next.recipe || (recipes[0]?.id ?? "") } });
    start();
    if (next.data !== config.data) act({ type: "source", source: next.data, sure: true });
  });

  function writeHash() {
    const hash = toHash(inForce(now()));
    if (hash !== location.hash) history.replaceState(null, "", hash || location.pathname + location.search);
  }

  async function share() {
    const note = promise(now());
    history.replaceState(null, "", toHash(linked(now())));
    const done = await navigator.clipboard?.writeText(location.href).then(
      () => true,
      () => false,
    );
    act({ type: "note", note: done ? note : { tone: "info", key: "share.failed", args: {} } });
  }
  return { writeHash, share };
}

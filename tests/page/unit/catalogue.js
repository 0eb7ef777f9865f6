// The engine's facts as the page gets them, and the words that the knob `loss` has.
import { readFileSync } from "node:fs";

const read = (path) => readFileSync(new URL(path, import.meta.url), "utf8");

/** @type {import("../../../www/protocol.js").Catalogue} */
export const catalogue = JSON.parse(read("catalogue.json"));

const [, choice] = read("../../../crate/engine/src/recipe/hyper.rs").match(/choice!\(Loss \{([^}]*)\}/) ?? [];
/** Every loss of the engine by its word. */
export const losses = [...(choice ?? "").matchAll(/"([a-z-]+)"/g)].map(([, word]) => word);

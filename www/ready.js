// Ready-made generators, one a recipe beside the page: fetched when all else stands, so that there are digits before anyone has trained.

/** @param {ReturnType<typeof import("./client.js").connect>} client */
export function createReady(client) {
  /** @type {Map<string, Promise<Uint8Array | null>>} */
  const files = new Map();

  /** @param {string} recipe */
  async function load(recipe) {
    try {
      const response = await fetch(new URL(`ready/${recipe}.safetensors`, import.meta.url));
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
    } catch {
      // Without one the page works as ever: nothing to say.
      return null;
    }
  }

  /** Lends the worker the recipe's generator once the page is at rest, if `wanted` still holds. @param {string} recipe @param {() => boolean} wanted */
  return (recipe, wanted) => {
    const later = window.requestIdleCallback ?? ((/** @type {() => void} */ run) => setTimeout(run, 200));
    later(async () => {
      if (!wanted()) return;
      const found = files.get(recipe) ?? load(recipe);
      files.set(recipe, found);
      const bytes = await found;
      if (!bytes) files.delete(recipe);
      else if (wanted()) client.send({ type: "pretrained", bytes: bytes.slice() });
    });
  };
}

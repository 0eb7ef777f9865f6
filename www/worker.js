// The worker's front door: looks whether the browser has WebAssembly and its SIMD, loads the build that fits, and hands over to it.

/** A module whose one function uses a vector instruction: valid only where the browser has SIMD. */
const SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98,
  11,
]);

/** The same with a fused multiply-add of relaxed SIMD. */
const RELAXED = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 19, 1, 17, 0, 65, 0, 253, 15, 65, 0,
  253, 15, 65, 0, 253, 15, 253, 133, 2, 11,
]);

/** The folder of the best build that runs here; `?build=simd128` asks for the one that gives the same bits in every browser. */
function chooseBuild(/** @type {string | null} */ wanted) {
  return wanted !== "simd128" && WebAssembly.validate(RELAXED) ? "relaxed" : "simd128";
}

/** @param {URLSearchParams} params `build`: the wanted one; `bytes`: the page's and the builds' sizes, as index.html has them */
async function main(params) {
  // Lockdown Mode, Edge's enhanced security and policies take all of it away.
  if (typeof WebAssembly !== "object") return postMessage({ type: "unsupported", lacks: "wasm" });
  if (!WebAssembly.validate(SIMD)) return postMessage({ type: "unsupported", lacks: "simd" });
  const build = chooseBuild(params.get("build"));
  const tell = arriving(new URLSearchParams(params.get("bytes") ?? ""), build);
  // Both at once: a slow line waits for one answer, not for two.
  const engine = fetch(new URL(`./wasm/${build}/ganvas_web_bg.wasm`, import.meta.url)).then((response) => {
    // A copy is counted, so that the engine itself is still compiled as it comes, and found compiled by the next visit.
    void count(response.clone(), tell.bytes);
    return response;
  });
  // Where the module fails, its error is the one to be heard.
  engine.catch(() => {});
  const wasm = await import(`./wasm/${build}/ganvas_web.js`);
  tell.module();
  await wasm.default({ module_or_path: engine });
  wasm.start();
}

/** Tells the page how many bytes of itself and of the engine are in, unpacked, and of how many; of 0 where a site does not say. @param {URLSearchParams} sizes @param {string} build */
function arriving(sizes, build) {
  const size = (/** @type {string} */ name) => Number(sizes.get(name)) || 0;
  const [page, module, engine] = [size("page"), size(`${build}.js`), size(`${build}.wasm`)];
  const total = engine ? page + module + engine : 0;
  let received = page;
  const bytes = (/** @type {number} */ more) =>
    postMessage({ type: "arriving", received: (received += more), total });
  return { bytes, module: () => bytes(module) };
}

/** @param {Response} response @param {(bytes: number) => void} tell */
async function count(response, tell) {
  const reader = response.body?.getReader();
  try {
    for (;;) {
      const piece = await reader?.read();
      if (!piece || piece.done) return;
      tell(piece.value.length);
    }
  } catch {
    // Whoever takes the engine hears of it.
  }
}

main(new URL(self.location.href).searchParams).catch((error) => {
  // Thrown outside the promise, so that the page hears it as the worker's error.
  setTimeout(() => {
    throw error;
  });
});

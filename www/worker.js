// The worker's front door: looks whether the browser has WebAssembly SIMD, loads the build that fits, and hands over to it.

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

/** @param {string | null} wanted */
async function main(wanted) {
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(SIMD))
    return postMessage({ type: "unsupported" });
  const wasm = await import(`./wasm/${chooseBuild(wanted)}/ganvas_web.js`);
  await wasm.default();
  wasm.start();
}

main(new URL(self.location.href).searchParams.get("build")).catch((error) => {
  // Thrown outside the promise, so that the page hears it as the worker's error.
  setTimeout(() => {
    throw error;
  });
});

// The worker's front door: looks whether the browser has WebAssembly SIMD, loads the build that fits, and hands over to it.

/** A module whose one function uses a vector instruction: valid only where the browser has SIMD. */
const SIMD = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98,
  11,
]);

/** The builds there are, best first; `wanted` comes from the page's `?build=`. @param {string | null} wanted */
function chooseBuild(wanted) {
  const builds = ["simd128"];
  return builds.find((build) => build === wanted) ?? builds[0];
}

/** @param {string | null} wanted */
async function main(wanted) {
  if (typeof WebAssembly !== "object" || !WebAssembly.validate(SIMD))
    return postMessage({ type: "unsupported" });
  const build = chooseBuild(wanted);
  const wasm = await import(`./wasm/${build}/ganvas_web.js`);
  await wasm.default();
  wasm.start(build);
}

main(new URL(self.location.href).searchParams.get("build")).catch((error) => {
  // Thrown outside the promise, so that the page hears it as the worker's error.
  setTimeout(() => {
    throw error;
  });
});

// The oldest browsers that run the page. www/startup.js, which can import nothing, says the same; a test compares.

/**
 * What sets each bound, the newest of all that the page stands on:
 * - Chrome and Edge 96: reference types, in which wasm-bindgen hands objects over (Object.hasOwn is of 93, SIMD of 91);
 * - Firefox 114: workers that are modules (DecompressionStream is of 113, SIMD of 89);
 * - Safari 16.4: SIMD and DecompressionStream.
 * `cargo ganvas build` refuses an engine with an instruction that one of these lacks (crate/cli/src/site/wasm.rs).
 */
export const BROWSERS = { chrome: "96", firefox: "114", safari: "16.4" };

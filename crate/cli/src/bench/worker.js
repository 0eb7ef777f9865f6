// Calls one function of one wasm module.
onmessage = async ({ data: { module, call, with: args } }) => {
  try {
    const exports = await import(module);
    const wasm = await exports.default();
    const value = exports[call](...args);
    postMessage({ value, heap: wasm.memory.buffer.byteLength });
  } catch (error) {
    postMessage({ error: String(error?.message ?? error) });
  }
};

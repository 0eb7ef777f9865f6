// The library that unpacks what a browser does not: gzip of several members, and zip. It comes when it is needed.

/** How it is loaded; tests load it from elsewhere. */
export const library = {
  /** @returns {Promise<typeof import("./vendor/fflate/fflate.js")>} */
  load: () => import("./vendor/fflate/fflate.js"),
};

/** Unpacks gzip of any number of members, piece by piece. @returns {Promise<TransformStream<Uint8Array, Uint8Array>>} */
export async function gunzip() {
  const { Gunzip } = await library.load();
  /** @type {InstanceType<typeof Gunzip>} */
  let unpacker;
  return new TransformStream({
    start(controller) {
      unpacker = new Gunzip((bytes) => bytes.length && controller.enqueue(bytes));
    },
    transform: (bytes) => unpacker.push(bytes),
    flush: () => unpacker.push(new Uint8Array(0), true),
  });
}

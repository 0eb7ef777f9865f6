// Digits as a file: IDX, as MNIST's own, so that any MNIST reader takes it.

/** @param {Uint8Array} pixels 784 bytes a digit */
export function toIdx(pixels) {
  const file = new Uint8Array(16 + pixels.length);
  const view = new DataView(file.buffer);
  [2051, pixels.length / 784, 28, 28].forEach((word, index) => view.setUint32(4 * index, word));
  file.set(pixels, 16);
  return file;
}

/** Hands digits to the browser's downloads. @param {Uint8Array} pixels @param {string} recipe @param {number} step @returns {string} the file's name */
export function saveDigits(pixels, recipe, step) {
  const link = document.createElement("a");
  link.download = `ganvas-${recipe}-${step}-images-idx3-ubyte`;
  link.href = URL.createObjectURL(new Blob([toIdx(pixels)], { type: "application/octet-stream" }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return link.download;
}

// IDX files made on the fly, sound and broken, for dropping on the page.
import { gzipSync } from "node:zlib";

/** @param {number[]} header big-endian words @param {Buffer} items */
function idx(header, items) {
  const head = Buffer.alloc(4 * header.length);
  header.forEach((word, index) => head.writeUInt32BE(word, 4 * index));
  return Buffer.concat([head, items]);
}

/** Images of a sloping line each. @param {number} count @param {{ magic?: number, rows?: number, declared?: number }} [wrong] */
export function images(count, { magic = 2051, rows = 28, declared = count } = {}) {
  const items = Buffer.alloc(count * rows * 28);
  for (let i = 0; i < count; i += 1)
    for (let row = 4; row < Math.min(24, rows); row += 1)
      items[(i * rows + row) * 28 + ((row + i) % 28)] = 255;
  return idx([magic, declared, rows, 28], items);
}

/** @param {number} count */
export const labels = (count) =>
  idx([2049, count], Buffer.from(Array.from({ length: count }, (_, i) => i % 10)));

/** 64 MB of zeros behind a header that declares 100 images. */
export const bomb = () => gzipSync(idx([2051, 100, 28, 28], Buffer.alloc(64 << 20)), { level: 9 });

/** @param {string} name @param {Buffer} buffer */
export const file = (name, buffer) => ({ name, mimeType: "application/octet-stream", buffer });

// PNG pictures made on the fly, for choosing and dropping.
import { crc32, deflateSync } from "node:zlib";

/** @param {string} type @param {Buffer} data */
function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  body.copy(framed, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}

/** A grey picture. @param {number} side @param {(x: number, y: number) => number} grey from 0 to 255 @param {number} [high] rows, where it is no square */
export function png(side, grey, high = side) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(side, 0);
  header.writeUInt32BE(high, 4);
  header[8] = 8;
  const rows = Buffer.alloc(high * (side + 1));
  for (let y = 0; y < high; y += 1)
    for (let x = 0; x < side; x += 1) rows[y * (side + 1) + 1 + x] = grey(x, y);
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    chunk("IHDR", header),
    chunk("IDAT", deflateSync(rows)),
    chunk("IEND", Buffer.alloc(0)),
  ]);
}

/** A dark stroke on light paper, leaning by `slant`. @param {number} side @param {number} slant */
export const stroke = (side, slant) =>
  png(side, (x, y) => {
    const inside = y > side / 5 && y < (4 * side) / 5;
    return inside && Math.abs(x - side / 2 - (slant * (y - side / 2)) / side) < side / 14 ? 20 : 250;
  });

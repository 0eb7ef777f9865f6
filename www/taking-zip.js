// Several files as one .zip, stored as they are (PKWARE's APPNOTE 6.3, 4.3): weights hardly pack, and a browser offers no writer. Pure.

/** Bit 11 of the flags: names are UTF-8. */
const UTF8 = 0x0800;
/** Version of the format that is needed to unpack: 2.0. */
const NEEDS = 20;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1;
  return sum;
});

/** CRC-32 as zip, gzip and PNG have it. @param {Uint8Array} bytes */
export function crc32(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = TABLE[(sum ^ byte) & 255] ^ (sum >>> 8);
  return ~sum >>> 0;
}

/** Numbers one after the other, little end first: 2 or 4 bytes each. @param {[bytes: 2 | 4, value: number][]} fields */
function packed(fields) {
  const view = new DataView(new ArrayBuffer(fields.reduce((sum, [bytes]) => sum + bytes, 0)));
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return new Uint8Array(view.buffer);
}

/** Date and time as the format has them: two seconds fine, from 1980 on. @param {Date} date @returns {[number, number]} time, date */
const stamp = (date) => [
  (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1),
  ((date.getFullYear() - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate(),
];

/** The parts of the archive, in order. @param {{ name: string, bytes: Uint8Array<ArrayBuffer> }[]} files @param {Date} date @returns {Uint8Array<ArrayBuffer>[]} */
export function zip(files, date) {
  const [time, day] = stamp(date);
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const list = [];
  let at = 0;
  for (const { name, bytes } of files) {
    const path = new TextEncoder().encode(name);
    const { length } = bytes;
    /** What both the file's own header and the list at the end say of it. @type {[2 | 4, number][]} */
    const both = [
      [2, NEEDS],
      [2, UTF8],
      [2, 0],
      [2, time],
      [2, day],
      [4, crc32(bytes)],
      [4, length],
      [4, length],
      [2, path.length],
      [2, 0],
    ];
    parts.push(packed([[4, 0x04034b50], ...both]), path, bytes);
    list.push(packed([[4, 0x02014b50], [2, NEEDS], ...both, [2, 0], [2, 0], [2, 0], [4, 0], [4, at]]), path);
    at += 30 + path.length + length;
  }
  const size = list.reduce((sum, part) => sum + part.length, 0);
  const { length } = files;
  const end = packed([
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, length],
    [2, length],
    [4, size],
    [4, at],
    [2, 0],
  ]);
  return [...parts, ...list, end];
}

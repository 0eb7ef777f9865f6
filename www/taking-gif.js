// An animated GIF of grey pictures (GIF89a, https://www.w3.org/Graphics/GIF/spec-gif89a.txt). Of our own, for all it needs is whole frames in
// sixteen greys: a library would bring colour quantisation and a worker, ten times the code. Pure.

/** Of which the pixels are shades, from black to white. */
export const GREYS = 16;
/** Bits of a pixel. */
const DEPTH = 4;
/** Codes that are no string of pixels: forget all strings; the end. */
const CLEAR = GREYS;
const END = GREYS + 1;
/** Codes have at most twelve bits. */
const MOST_CODES = 4096;

/** @param {number} value */
const two = (value) => [value & 255, value >> 8];

/** What an animation that plays for ever begins with. @param {number} width @param {number} height @returns {Uint8Array<ArrayBuffer>} */
export function gifHead(width, height) {
  const greys = Array.from({ length: GREYS }, (_, grey) => Array(3).fill((grey * 255) / (GREYS - 1)));
  return Uint8Array.from([
    ...ascii("GIF89a"),
    ...two(width),
    ...two(height),
    // A table of 2^(3+1) colours for all frames; no background, square pixels.
    0x80 | (3 << 4) | 3,
    0,
    0,
    ...greys.flat(),
    // How often to play: 0 is for ever.
    0x21,
    0xff,
    11,
    ...ascii("NETSCAPE2.0"),
    3,
    1,
    ...two(0),
    0,
  ]);
}

/** A frame over all of the picture. @param {number} width @param {number} height @param {Uint8Array} pixels shades below `GREYS` @param {number} hundredths of a second that it stays @returns {Uint8Array<ArrayBuffer>} */
export function gifFrame(width, height, pixels, hundredths) {
  const codes = lzw(pixels);
  const blocks = Math.ceil(codes.length / 255);
  const stays = [0x21, 0xf9, 4, 1 << 2, ...two(hundredths), 0, 0];
  const place = [0x2c, ...two(0), ...two(0), ...two(width), ...two(height), 0, DEPTH];
  const frame = new Uint8Array(stays.length + place.length + codes.length + blocks + 1);
  frame.set(stays);
  frame.set(place, stays.length);
  let at = stays.length + place.length;
  for (let from = 0; from < codes.length; from += 255) {
    const part = codes.subarray(from, from + 255);
    frame[at] = part.length;
    frame.set(part, at + 1);
    at += part.length + 1;
  }
  return frame;
}

/** What it ends with. @returns {Uint8Array<ArrayBuffer>} */
export const gifEnd = () => Uint8Array.of(0x3b);

/** Appendix F: strings of pixels that came before are said by a code, of as few bits as the codes so far need. @param {Uint8Array} pixels */
function lzw(pixels) {
  // By a code and the pixel after it, the code of both; 0 where there is none yet.
  const longer = new Uint16Array(MOST_CODES * GREYS);
  // A code is at most twelve bits, and all but CLEAR stand for a pixel or more.
  const bytes = new Uint8Array(pixels.length * 2 + 16);
  let [length, held, bits] = [0, 0, 0];
  let [next, size] = [END + 1, DEPTH + 1];

  /** @param {number} code */
  function put(code) {
    held |= code << bits;
    for (bits += size; bits >= 8; bits -= 8) {
      bytes[length] = held & 255;
      length += 1;
      held >>>= 8;
    }
  }

  put(CLEAR);
  let code = pixels[0];
  for (let i = 1; i < pixels.length; i += 1) {
    const both = code * GREYS + pixels[i];
    if (longer[both]) {
      code = longer[both];
      continue;
    }
    put(code);
    code = pixels[i];
    longer[both] = next;
    next += 1;
    // Whoever reads is one string behind: its codes get longer one later.
    if (next > 1 << size) size += 1;
    if (next < MOST_CODES) continue;
    put(CLEAR);
    longer.fill(0);
    [next, size] = [END + 1, DEPTH + 1];
  }
  put(code);
  // The reader has added the string before this code.
  if (next === 1 << size && size < 12) size += 1;
  put(END);
  if (bits > 0) {
    bytes[length] = held & 255;
    length += 1;
  }
  return bytes.subarray(0, length);
}

/** @param {string} text */
const ascii = (text) => [...text].map((letter) => letter.charCodeAt(0));

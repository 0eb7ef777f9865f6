// Pictures that the visitor brings: which files they are, of which format, and how large they say they are.

/** Pixels that a picture may have, and along one side: a small file can declare more than the memory holds. */
export const MOST_PIXELS = 64e6;
const MOST_SIDE = 65_535;
/** Bytes that tell what a file is: a drawing begins with words of its own. */
export const HEAD = 1024;
/** Files that are looked for in folders, and how deep. */
const MOST_FILES = 100_000;
const DEEPEST = 12;
/** Files that are opened at a time. */
const AT_ONCE = 64;

/** @typedef {{ file: File, path: string }} Found a file and its path in the folder that was brought */

/** Whether a file says that it is a picture; whether it is one shows when it is read. @param {File} file */
export const isImage = ({ type, name }) => /^image\//.test(type) || (!type && ENDINGS.test(name));

const ENDINGS = /\.(png|apng|jpe?g|jfif|webp|gif|bmp|avif|svg|hei[cf]|tiff?|ico|p[bgpn]m|jxl|psd)$/i;

/** Whether a file only came along with a folder: systems hide such there. @param {string} name */
export const isLitter = (name) => /^(\.|__MACOSX$|Thumbs\.db$|desktop\.ini$)/i.test(name);

/**
 * All files of a drop, folders gone through. Call it while the drop is handled: later the browser shows nothing any more.
 * @param {DataTransfer} transfer @param {{ count: number }} [hidden] counts what was passed over @returns {Promise<Found[]>}
 */
export async function entriesOf(transfer, hidden = { count: 0 }) {
  /** @type {(FileSystemEntry | File)[]} */
  const roots = [];
  for (const item of transfer.items) {
    const root = item.kind === "file" ? (item.webkitGetAsEntry?.() ?? item.getAsFile()) : null;
    if (root) roots.push(root);
  }
  /** @type {Found[]} */
  const found = [];
  /** @type {FileSystemFileEntry[]} */
  let waiting = [];
  const open = async () => {
    const entries = waiting;
    waiting = [];
    found.push(...(await Promise.all(entries.map(opened))));
  };
  for (const root of roots) {
    if (root instanceof File) {
      found.push({ file: root, path: root.name });
      continue;
    }
    for await (const entry of walk(root, 0, hidden)) {
      if (found.length + waiting.length >= MOST_FILES) break;
      waiting.push(entry);
      if (waiting.length >= AT_ONCE) await open();
    }
  }
  await open();
  return found;
}

/** The files of a folder and of those in it; what a system hides there is passed over. @param {FileSystemEntry} entry @param {number} depth @param {{ count: number }} hidden @returns {AsyncGenerator<FileSystemFileEntry>} */
async function* walk(entry, depth, hidden) {
  if (depth > 0 && isLitter(entry.name)) return void (hidden.count += 1);
  if (entry.isFile) return void (yield /** @type {FileSystemFileEntry} */ (entry));
  if (!entry.isDirectory || depth > DEEPEST) return;
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  for (;;) {
    // A browser gives a hundred at a time.
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((done) => reader.readEntries(done, () => done([])));
    if (some.length === 0) return;
    for (const inner of some) yield* walk(inner, depth + 1, hidden);
  }
}

/** One that cannot be opened stays in the list, so that it is counted. @param {FileSystemFileEntry} entry @returns {Promise<Found>} */
const opened = (entry) =>
  new Promise((done) => {
    const path = entry.fullPath.replace(/^\//, "");
    entry.file(
      (file) => done({ file, path }),
      () => done({ file: new File([], entry.name), path }),
    );
  });

/** Formats of pictures, and how their files begin: bytes by place. @type {[string, ...[number, string][]][]} */
const FORMATS = [
  ["PNG", [0, "\x89PNG\r\n\x1a\n"]],
  ["JPEG", [0, "\xff\xd8\xff"]],
  ["GIF", [0, "GIF8"]],
  ["WebP", [0, "RIFF"], [8, "WEBP"]],
  ["AVIF", [4, "ftypavif"]],
  ["AVIF", [4, "ftypavis"]],
  ...["heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1"].map(
    (brand) => /** @type {[string, [number, string]]} */ (["HEIC", [4, `ftyp${brand}`]]),
  ),
  ["TIFF", [0, "II*\0"]],
  ["TIFF", [0, "MM\0*"]],
  ["ICO", [0, "\0\0\x01\0"]],
  ["JPEG XL", [4, "JXL \r\n\x87\n"]],
  ["JPEG XL", [0, "\xff\x0a"]],
  ["JPEG 2000", [4, "jP  \r\n\x87\n"]],
  ["PSD", [0, "8BPS"]],
];

/** The format of a picture by its first bytes; nothing where it is none. @param {Uint8Array} bytes */
export function formatOf(bytes) {
  // Two letters could begin a text; a bitmap has four zeros after its size.
  if (says(bytes, "BM") && bytes.length > 9 && bytes.subarray(6, 10).every((byte) => byte === 0))
    return "BMP";
  const known = FORMATS.find(([, ...marks]) => marks.every(([at, text]) => says(bytes, text, at)));
  if (known) return known[0];
  const text = String.fromCharCode(...bytes.subarray(0, HEAD));
  if (/^P[1-7]\s+(#|\d|WIDTH)/.test(text)) return "PNM";
  return /^(\xef\xbb\xbf)?\s*<[?!s][\s\S]*<svg[\s/>]|^(\xef\xbb\xbf)?\s*<svg[\s/>]/i.test(text) ? "SVG" : "";
}

/** Whether bytes begin a web page, as servers send one in place of a file. @param {Uint8Array} bytes */
export const isWebPage = (bytes) =>
  /^(\xef\xbb\xbf)?\s*<(!doctype html|html|head|title)/i.test(String.fromCharCode(...bytes.subarray(0, 256)));

/** Width and height that a picture's first bytes declare; nothing where they declare none. @param {Uint8Array} bytes @returns {[number, number] | null} */
export function sizeOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const format = formatOf(bytes);
  if (format === "AVIF") return ispe(view, bytes);
  if (bytes.length < 26) return null;
  const word = (/** @type {number} */ at) => view.getUint16(at, true);
  const long = (/** @type {number} */ at) => view.getUint32(at, true);
  if (format === "PNG") return [view.getUint32(16), view.getUint32(20)];
  if (format === "GIF") return [word(6), word(8)];
  if (format === "BMP") return [Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true))];
  if (format === "JPEG") return jpeg(view);
  if (format !== "WebP" || bytes.length < 30) return null;
  if (says(bytes, "VP8 ", 12)) return [word(26) & 0x3fff, word(28) & 0x3fff];
  if (says(bytes, "VP8L", 12)) return [(long(21) & 0x3fff) + 1, ((long(21) >>> 14) & 0x3fff) + 1];
  return says(bytes, "VP8X", 12) ? [(long(24) & 0xffffff) + 1, (long(26) >>> 8) + 1] : null;
}

/** Whether a picture of that size is small enough to be decoded. @param {[number, number]} size */
export const isFit = ([width, height]) =>
  width > 0 && height > 0 && Math.max(width, height) <= MOST_SIDE && width * height <= MOST_PIXELS;

/** @param {Uint8Array} bytes @param {string} text a letter a byte @param {number} [at] */
const says = (bytes, text, at = 0) => [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));

/** The largest size that a box of an AVIF declares. @param {DataView} view @param {Uint8Array} bytes @returns {[number, number] | null} */
function ispe(view, bytes) {
  /** @type {[number, number] | null} */
  let largest = null;
  for (let at = 8; at + 16 <= Math.min(bytes.length, 4096); at += 1) {
    if (bytes[at] !== 0x69 || !says(bytes, "ispe", at)) continue;
    const [width, height] = [view.getUint32(at + 8), view.getUint32(at + 12)];
    if (!largest || width * height > largest[0] * largest[1]) largest = [width, height];
  }
  return largest;
}

/** Goes from segment to segment of a JPEG to the one that declares its frame. @param {DataView} view @returns {[number, number] | null} */
function jpeg(view) {
  for (let at = 2; at + 9 < view.byteLength && view.getUint8(at) === 0xff;) {
    const marker = view.getUint8(at + 1);
    const frame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (frame) return [view.getUint16(at + 7), view.getUint16(at + 5)];
    at += marker === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return null;
}

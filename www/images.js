// Pictures that the visitor brings: which files they are, which class their folder names, and how each becomes 28 x 28 greys.

const SIDE = 28;
/** Pictures are reduced to this before their pixels are read: enough to average from. */
export const ENOUGH = 256;
/** Pixels that a picture may have, and along one side: a small file can declare more than the memory holds. */
const MOST_PIXELS = 64e6;
const MOST_SIDE = 16_384;
/** Files that are looked for in folders, and how deep. */
const MOST_FILES = 100_000;
const DEEPEST = 12;
/** Files that are opened at a time. */
const AT_ONCE = 64;

/** @typedef {{ file: File, path: string }} Found a file and its path in the folder that was brought */

/** Whether a file says that it is a picture; whether it is one shows when it is read. @param {File} file */
export const isImage = ({ type, name }) =>
  /^image\/(png|jpeg|webp|gif|bmp)$/.test(type) || (!type && /\.(png|jpe?g|webp|gif|bmp)$/i.test(name));

/** The class that the name of a file's folder is or ends in; -1 where there is none. @param {string} path */
export function classOf(path) {
  const folder = path.split("/").at(-2) ?? "";
  const digit = /(?:^|\D)(\d)$/.exec(folder);
  return digit ? Number(digit[1]) : -1;
}

/**
 * All files of a drop, folders gone through. Call it while the drop is handled: later the browser shows nothing any more.
 * @param {DataTransfer} transfer @returns {Promise<Found[]>}
 */
export async function entriesOf(transfer) {
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
    for await (const entry of walk(root, 0)) {
      if (found.length + waiting.length >= MOST_FILES) break;
      waiting.push(entry);
      if (waiting.length >= AT_ONCE) await open();
    }
  }
  await open();
  return found;
}

/** The files of a folder and of those in it; what a system hides there is passed over. @param {FileSystemEntry} entry @param {number} depth @returns {AsyncGenerator<FileSystemFileEntry>} */
async function* walk(entry, depth) {
  if (depth > 0 && /^(\.|__MACOSX$|Thumbs\.db$|desktop\.ini$)/.test(entry.name)) return;
  if (entry.isFile) return void (yield /** @type {FileSystemFileEntry} */ (entry));
  if (!entry.isDirectory || depth > DEEPEST) return;
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  for (;;) {
    // A browser gives a hundred at a time.
    /** @type {FileSystemEntry[]} */
    const some = await new Promise((done) => reader.readEntries(done, () => done([])));
    if (some.length === 0) return;
    for (const inner of some) yield* walk(inner, depth + 1);
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

/** Width and height that a picture's first bytes declare; nothing where they are no PNG, JPEG, WebP, GIF or BMP, or ask for too much. @param {Uint8Array} bytes @returns {[number, number] | null} */
export function sizeOf(bytes) {
  const size = declared(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), bytes);
  if (!size) return null;
  const [width, height] = size;
  const fits =
    width > 0 && height > 0 && Math.max(width, height) <= MOST_SIDE && width * height <= MOST_PIXELS;
  return fits ? size : null;
}

/** Whether bytes begin as those of a picture do. @param {Uint8Array} bytes */
export const beginsAsPicture = (bytes) =>
  ["\x89PNG\r\n", "GIF8", "BM", "\xff\xd8"].some((text) => says(bytes, text)) ||
  (says(bytes, "RIFF") && says(bytes, "WEBP", 8));

/** @param {Uint8Array} bytes @param {string} text a letter a byte @param {number} [at] */
const says = (bytes, text, at = 0) => [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0));

/** @param {DataView} view @param {Uint8Array} bytes @returns {[number, number] | null} */
function declared(view, bytes) {
  if (bytes.length < 26 || !beginsAsPicture(bytes)) return null;
  const word = (/** @type {number} */ at) => view.getUint16(at, true);
  const long = (/** @type {number} */ at) => view.getUint32(at, true);
  if (says(bytes, "\x89")) return [view.getUint32(16), view.getUint32(20)];
  if (says(bytes, "GIF8")) return [word(6), word(8)];
  if (says(bytes, "BM")) return [Math.abs(view.getInt32(18, true)), Math.abs(view.getInt32(22, true))];
  if (says(bytes, "\xff\xd8")) return jpeg(view);
  if (bytes.length < 30) return null;
  if (says(bytes, "VP8 ", 12)) return [word(26) & 0x3fff, word(28) & 0x3fff];
  if (says(bytes, "VP8L", 12)) return [(long(21) & 0x3fff) + 1, ((long(21) >>> 14) & 0x3fff) + 1];
  return says(bytes, "VP8X", 12) ? [(long(24) & 0xffffff) + 1, (long(26) >>> 8) + 1] : null;
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

/**
 * A picture as 28 x 28 greys with its proportions kept, and the mean of its border. One of that size is kept as it is.
 * @param {ArrayLike<number>} rgba four bytes a pixel @param {number} width @param {number} height
 */
export function grey28(rgba, width, height) {
  const greys = greysOf(rgba, width * height);
  const border = borderOf(greys, width, height);
  if (width === SIDE && height === SIDE) return { pixels: Uint8Array.from(greys), border };
  const scale = SIDE / Math.max(width, height);
  const [across, down] = [width, height].map((size) => Math.max(1, Math.round(size * scale)));
  const pixels = new Uint8Array(SIDE * SIDE).fill(Math.round(border));
  const [left, top] = [across, down].map((size) => Math.floor((SIDE - size) / 2));
  const columns = shares(width, across);
  const rows = shares(height, down);
  for (let y = 0; y < down; y += 1) {
    for (let x = 0; x < across; x += 1) {
      let sum = 0;
      for (const [row, high] of rows[y])
        for (const [column, wide] of columns[x]) sum += greys[row * width + column] * wide * high;
      pixels[(y + top) * SIDE + x + left] = Math.round(sum);
    }
  }
  return { pixels, border };
}

/** Of which places of the long side each place of the short one is made, and in which shares. @param {number} from @param {number} to @returns {[number, number][][]} */
function shares(from, to) {
  const step = from / to;
  return Array.from({ length: to }, (_, index) => {
    const [begin, end] = [index * step, (index + 1) * step];
    /** @type {[number, number][]} */
    const parts = [];
    for (let at = Math.floor(begin); at < Math.min(from, end); at += 1) {
      const share = (Math.min(end, at + 1) - Math.max(begin, at)) / step;
      if (share > 1e-9) parts.push([at, share]);
    }
    return parts;
  });
}

/** Luma of each pixel (ITU-R BT.601). What is transparent shows the opposite of the ink. @param {ArrayLike<number>} rgba @param {number} count */
export function greysOf(rgba, count) {
  const greys = new Float64Array(count);
  let [ink, opaque] = [0, 0];
  for (let i = 0; i < count; i += 1) {
    greys[i] = Math.round((299 * rgba[4 * i] + 587 * rgba[4 * i + 1] + 114 * rgba[4 * i + 2]) / 1000);
    ink += greys[i] * rgba[4 * i + 3];
    opaque += rgba[4 * i + 3];
  }
  if (opaque === 255 * count) return greys;
  const ground = ink > 127.5 * opaque ? 0 : 255;
  for (let i = 0; i < count; i += 1) {
    const part = rgba[4 * i + 3] / 255;
    greys[i] = Math.round(greys[i] * part + ground * (1 - part));
  }
  return greys;
}

/** @param {Float64Array} greys @param {number} width @param {number} height */
function borderOf(greys, width, height) {
  let [sum, count] = [0, 0];
  for (let y = 0; y < height; y += 1) {
    const inner = y > 0 && y < height - 1;
    for (let x = 0; x < width; x += inner ? Math.max(1, width - 1) : 1) {
      sum += greys[y * width + x];
      count += 1;
    }
  }
  return sum / count;
}

// The dataset stream: fetch -> gunzip -> bytes onward, with progress, retry that loses nothing, and a limit on how far it runs ahead.
import { gunzip } from "./unpacking.js";

/** @typedef {() => Promise<{ body: ReadableStream<Uint8Array>, total: number }>} Opener opens a file from its beginning */
/** @typedef {(bytes: Uint8Array) => void | Promise<void>} Sink takes unpacked bytes, whole buffers of its own */

const CHUNK = 256 * 1024;
const PIECE = 16 * 1024;
const TRIES = 3;

/** An error that trying again cannot mend. */
export class Final extends Error {}

/** @param {string} url @param {AbortSignal} signal @param {typeof fetch} [get] @returns {Opener} */
export function fromUrl(url, signal, get = fetch) {
  return async () => {
    const response = await get(url, { signal });
    if (response.status >= 400 && response.status < 500) throw new Final(`${url}: HTTP ${response.status}`);
    if (!response.ok || !response.body) throw new Error(`${url}: HTTP ${response.status}`);
    return { body: response.body, total: Number(response.headers.get("content-length")) || 0 };
  };
}

/** @param {Blob} blob @returns {Opener} */
export const fromBlob = (blob) => async () => ({ body: blob.stream(), total: blob.size });

/**
 * Unpacks a body if its first two bytes say gzip; headers and names are not asked.
 * @param {ReadableStream<Uint8Array>} body
 * @param {(bytes: number) => void} [received] hears how many bytes came in
 * @param {{ patient?: boolean, lost?: () => void }} [how] `patient`: by the library that reads any number of gzip members, where the browser's own
 *   reader stops after the first; `lost` hears that the body itself broke off
 * @returns {Promise<ReadableStreamDefaultReader<Uint8Array>>}
 */
export async function unpack(body, received = () => {}, { patient = false, lost = () => {} } = {}) {
  const reader = body.getReader();
  /** @type {Uint8Array[]} */
  const head = [];
  let length = 0;
  while (length < 2) {
    const { value, done } = await reader.read();
    if (done) break;
    received(value.length);
    head.push(value);
    length += value.length;
  }
  const [first, second] = head.flatMap((chunk) => [...chunk.subarray(0, 2)]);
  const whole = inPieces(async () => {
    const early = head.shift();
    if (early) return early;
    const { value, done } = await reader.read().catch((error) => (lost(), Promise.reject(error)));
    if (!done) received(value.length);
    return value;
  }, reader);
  if (first !== 0x1f || second !== 0x8b) return whole.getReader();
  const unpacker = patient ? await gunzip() : /** @type {any} */ (new DecompressionStream("gzip"));
  return whole.pipeThrough(unpacker).getReader();
}

/**
 * The same bytes in small pieces, the last byte before a pause or an end on its own. A stream that fails drops what it has
 * unpacked and nobody has read; it takes a piece only when all of that has been read, so what is dropped is one byte's worth.
 * @param {() => Promise<Uint8Array | undefined>} next @param {ReadableStreamDefaultReader<Uint8Array>} reader @returns {ReadableStream<Uint8Array>}
 */
function inPieces(next, reader) {
  /** @type {Uint8Array[]} */
  const pieces = [];
  let ended = false;
  /** @type {unknown} */
  let failure = null;
  async function refill() {
    try {
      const chunk = await next();
      ended = !chunk;
      for (let at = 0; chunk && at < chunk.length - 1; at += PIECE)
        pieces.push(chunk.subarray(at, Math.min(at + PIECE, chunk.length - 1)));
      if (chunk?.length) pieces.push(chunk.subarray(chunk.length - 1));
    } catch (error) {
      [ended, failure] = [true, error];
    }
  }
  return new ReadableStream({
    async pull(controller) {
      while (!pieces.length && !ended) await refill();
      const piece = pieces.shift();
      if (piece) controller.enqueue(piece);
      else if (failure) controller.error(failure);
      else controller.close();
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

/** Bytes that an IDX header of unsigned bytes declares for the whole file; 0 where it is none. @param {Uint8Array} head */
export function declaredBytes(head) {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  if (head.length < 4 || view.getUint16(0) !== 0 || head[2] !== 8) return 0;
  const dimensions = head[3];
  if (head.length < 4 + 4 * dimensions) return 0;
  let items = 1;
  for (let d = 0; d < dimensions; d += 1) items *= view.getUint32(4 + 4 * d);
  return 4 + 4 * dimensions + items;
}

/**
 * Streams one file to `sink`. A stream that breaks is opened again and what was delivered is skipped; it gives up after
 * three tries in a row that brought nothing.
 * @param {Opener} open @param {Sink} sink
 * @param {{ signal?: AbortSignal, progress?: (received: number, total: number, retrying: boolean) => void, wait?: (ms: number) => Promise<void> }} [options]
 * @returns {Promise<number>} the unpacked bytes delivered
 */
export async function pour(open, sink, { signal, progress = () => {}, wait = sleep } = {}) {
  const ledger = { sent: 0, head: new Uint8Array(0), lost: false, patient: false };
  let failures = 0;
  for (;;) {
    const before = ledger.sent;
    ledger.lost = false;
    try {
      await pourOnce(open, sink, ledger, signal, progress);
      return ledger.sent;
    } catch (error) {
      failures = ledger.sent > before ? 1 : failures + 1;
      if (signal?.aborted || error instanceof Final || failures > TRIES) throw error;
      // The body came whole and could not be unpacked: it may have several members.
      ledger.patient ||= !ledger.lost;
      progress(0, 0, true);
      await wait(500 * 2 ** (failures - 1));
    }
  }
}

/**
 * @param {Opener} open @param {Sink} sink @param {{ sent: number, head: Uint8Array, lost: boolean, patient: boolean }} ledger
 * @param {AbortSignal | undefined} signal @param {(received: number, total: number, retrying: boolean) => void} progress
 */
async function pourOnce(open, sink, ledger, signal, progress) {
  ledger.lost = true;
  const { body, total } = await open();
  ledger.lost = false;
  let received = 0;
  const reader = await unpack(body, (bytes) => progress((received += bytes), total, false), {
    patient: ledger.patient,
    lost: () => (ledger.lost = true),
  });
  let skip = ledger.sent;
  let gathered = new Uint8Array(CHUNK);
  let filled = 0;
  const flush = async () => {
    const bytes = filled === CHUNK ? gathered : gathered.slice(0, filled);
    gathered = new Uint8Array(CHUNK);
    filled = 0;
    if (!bytes.length) return;
    if (ledger.head.length < 16) ledger.head = joined(ledger.head, bytes).slice(0, 16);
    ledger.sent += bytes.length;
    await sink(bytes);
  };
  try {
    for (;;) {
      signal?.throwIfAborted();
      const { value, done } = await reader.read();
      if (done) break;
      let rest = value.subarray(Math.min(skip, value.length));
      skip -= value.length - rest.length;
      while (rest.length) {
        const part = rest.subarray(0, CHUNK - filled);
        gathered.set(part, filled);
        filled += part.length;
        rest = rest.subarray(part.length);
        if (filled === CHUNK) await flush();
      }
    }
  } finally {
    // After an abort nobody reads on: let go of the connection. Otherwise hand over what is gathered, so nothing is lost.
    if (signal?.aborted) reader.cancel().catch(() => {});
    else await flush();
  }
  if (ledger.sent < declaredBytes(ledger.head)) throw new Error("the file ends too early");
}

/** @param {Uint8Array} a @param {Uint8Array} b */
function joined(a, b) {
  const both = new Uint8Array(a.length + Math.min(16, b.length));
  both.set(a);
  both.set(b.subarray(0, 16), a.length);
  return both;
}

/** @param {number} ms @returns {Promise<void>} */
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Holds a sender back while more than `most` bytes are on their way to the worker.
 * @param {number} most @param {number} patience milliseconds after which one more piece goes out, so that a lost answer cannot stop the stream
 */
export function createGate(most, patience = 2000) {
  let sent = 0;
  let taken = 0;
  /** @type {(() => void)[]} */
  let waiting = [];
  const open = () => {
    const resume = waiting;
    waiting = [];
    for (const go of resume) go();
  };
  return {
    /** @param {number} bytes sent onward */
    sent: (bytes) => void (sent += bytes),
    /** @param {number} bytes that the worker has, in all */
    taken(bytes) {
      taken = bytes;
      if (sent - taken <= most) open();
    },
    open,
    /** @returns {Promise<void>} once there is room */
    room: () =>
      sent - taken <= most
        ? Promise.resolve()
        : new Promise((resolve) => {
            const timer = setTimeout(resolve, patience);
            waiting.push(() => (clearTimeout(timer), resolve()));
          }),
  };
}

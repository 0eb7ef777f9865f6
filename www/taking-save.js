// Files of the run for the visitor to keep: asked of the worker, or made here of what the page shows.
import { lookedAt } from "./moments.js";
import { linked } from "./sharing.js";
import { toHash } from "./state.js";
import { toCsv } from "./taking-csv.js";
import { film, png } from "./taking-film.js";
import { framesOf, shades, sizeOf } from "./taking-frames.js";
import { gifEnd, gifFrame, gifHead } from "./taking-gif.js";
import { embedCode } from "./taking-link.js";
import { zip } from "./taking-zip.js";

/** @typedef {import("./taking-types.js").Away} Away */
/** @typedef {import("./types.js").State} State */

/** Of a picture, and of a time-lapse. */
const LARGE = 4;
const SCALE = 2;
const TENSORS = "application/octet-stream";

/** How the scripts are used: tests/reference/go_on.py. */
const COMMANDS = [
  "pip install torch numpy safetensors",
  "python go_on.py sample {run} --count 64 --seed 1 --out digits.png",
  "python go_on.py train {run} --digits FOLDER --steps 10000 --out more.safetensors",
  "torchrun --nproc_per_node 4 go_on.py train {run} --digits FOLDER --batch 256 --out more.safetensors",
  "cargo ganvas sample --from more.safetensors --out digits.png",
];

/** Something that cannot be made now, as a sentence. */
class Missing extends Error {}

/** What files of the run are called. @param {State} state @param {number} [step] */
const nameOf = ({ run, step: now }, step = now) => `${run?.recipe ?? "gan"}-${run?.seed ?? 0}-${step}`;

/** @param {import("./types.js").Page} page */
export function createSaving({ act, now, text, client }) {
  /** Files that the worker was asked for, oldest first. @type {{ what: "run" | "generator", use: (name: string, bytes: Uint8Array<ArrayBuffer>) => void }[]} */
  let asked = [];

  /** Hands a file to the browser's downloads. @param {string} name @param {BlobPart[]} parts @param {string} type */
  function hand(name, parts, type) {
    const link = document.createElement("a");
    link.download = name;
    link.href = URL.createObjectURL(new Blob(parts, { type }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    say("info", "taking.done", { name });
  }

  /** @param {"info" | "error"} tone @param {string} key @param {Record<string, string | number>} [args] */
  const say = (tone, key, args = {}) => act({ type: "note", note: { tone, key, args } });

  /** @param {"run" | "generator"} what @param {(name: string, bytes: Uint8Array<ArrayBuffer>) => void} use */
  function ask(what, use) {
    asked.push({ what, use });
    client.send({ type: "save", what });
  }

  /** What takes a while: shown as it goes on, and one at a time. @param {Away} what @param {(progress: (done: number) => void) => Promise<void>} make */
  async function slowly(what, make) {
    const progress = (/** @type {number} */ done) =>
      act({ type: "taking", change: { busy: { what, done } } });
    progress(0);
    try {
      await make(progress);
    } catch (error) {
      say("error", error instanceof Missing ? error.message : "taking.failed");
    }
    act({ type: "taking", change: { busy: null } });
  }

  /** @param {Uint8Array | null | undefined} pixels @param {string} name */
  const picture = (pixels, name) =>
    slowly("samples", async () => {
      if (!pixels?.length) throw new Missing("taking.nothing");
      hand(name, [await png(pixels, LARGE)], "image/png");
    });

  const lapse = () => {
    const frames = framesOf(now());
    if (!frames.length) throw new Missing("taking.nothing");
    return frames;
  };

  /** The scripts with the run: one folder to unpack and go on from. @param {string} name @param {Uint8Array<ArrayBuffer>} run */
  async function pytorch(name, run) {
    const base = new URL("pytorch/", import.meta.url);
    const load = async (/** @type {string} */ file) => {
      const response = await fetch(new URL(file, base)).catch(() => null);
      if (!response?.ok) throw new Missing("taking.pytorch.none");
      return new Uint8Array(await response.arrayBuffer());
    };
    /** Names of the scripts. @type {string[]} */
    const files = JSON.parse(new TextDecoder().decode(await load("list.json")));
    const bytes = await Promise.all(files.map(load));
    const lines = COMMANDS.map((line) => `    ${line.replaceAll("{run}", name)}`).join("\n");
    const readme = text().t("taking.readme", { run: name, commands: lines });
    const folder = name.replace(/\.safetensors$/, "-pytorch");
    const inside = [
      { name: "README.txt", bytes: new TextEncoder().encode(readme) },
      { name, bytes: run },
      ...files.map((file, i) => ({ name: file, bytes: bytes[i] })),
    ].map((file) => ({ ...file, name: `${folder}/${file.name}` }));
    hand(`${folder}.zip`, zip(inside, new Date()), "application/zip");
  }

  /** @type {Record<Away, () => unknown>} */
  const makers = {
    run: () => ask("run", (name, bytes) => hand(`${name}.safetensors`, [bytes], TENSORS)),
    generator: () =>
      ask("generator", (name, bytes) => hand(`${name}-generator.safetensors`, [bytes], TENSORS)),
    pytorch: () =>
      ask("run", (name, bytes) => void slowly("pytorch", () => pytorch(`${name}.safetensors`, bytes))),
    samples: () => picture(now().samples, `${nameOf(now())}.png`),
    real: () => picture(now().real, `${now().data?.source ?? "real"}.png`),
    moment() {
      const moment = lookedAt(now());
      return picture(moment?.pixels, `${nameOf(now(), moment?.step)}.png`);
    },
    gif: () =>
      slowly("gif", async (progress) => {
        const name = `${nameOf(now())}.gif`;
        const frames = lapse();
        const { width, height } = sizeOf(frames[0].pixels.length, SCALE);
        const parts = [gifHead(width, height)];
        for (const [i, { pixels, hundredths }] of frames.entries()) {
          parts.push(gifFrame(width, height, shades(pixels, SCALE), hundredths));
          progress((i + 1) / frames.length);
          // The page is to stay alive meanwhile.
          await new Promise((done) => setTimeout(done));
        }
        hand(name, [...parts, gifEnd()], "image/gif");
      }),
    webm: () =>
      slowly("webm", async (progress) => {
        const name = `${nameOf(now())}.webm`;
        hand(name, [await film(lapse(), SCALE, progress)], "video/webm");
      }),
    curves: () => hand(`${nameOf(now())}-curves.csv`, [toCsv(now())], "text/csv"),
    async embed() {
      const code = embedCode(location.href, toHash(linked(now())));
      const copied = await navigator.clipboard?.writeText(code).then(
        () => true,
        () => false,
      );
      act({ type: "taking", change: { embed: copied ? "" : code } });
      say("info", copied ? "taking.embed.done" : "taking.embed.failed");
    },
  };

  /** @type {import("./drive.js").Effects} */
  const effects = {
    "take-away": ({ what }) => void makers[what](),
    file({ what, step, bytes }) {
      const place = asked.findIndex((wish) => wish.what === what);
      if (place < 0) return;
      const [{ use }] = asked.splice(place, 1);
      use(nameOf(now(), step), /** @type {Uint8Array<ArrayBuffer>} */ (bytes));
    },
    // A file of the run before will not come.
    started: () => void (asked = []),
    restart: () => void (asked = []),
    refused: ({ command }) => void (command === "save" && asked.shift()),
  };
  return { effects };
}

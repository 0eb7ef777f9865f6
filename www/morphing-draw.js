// Pictures of many digits: asked for at once, class by class, and again when what they show has changed, but never in the way of the digit that
// follows the visitor's hand.

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./morphing-types.js").Spot} Spot */
/** @typedef {{ key: string, step: string, digits(): Spot[], done(pixels: Uint8Array): void }} Wanted `key` says what is shown, `step` by which generator */

/** Other parts of the page number their requests from elsewhere. */
const FIRST_ID = 0x4d0000;
/** A picture waits until nothing has changed for so long... */
const QUIET_MS = 180;
/** ...and where only the generator changes, it comes so often at most. */
const OFTEN_MS = 1000;

/** Digits that one request can ask for: those of the same class or mixture. @param {Spot[]} digits @returns {number[][]} their places */
export function groupsOf(digits) {
  /** @type {Map<string, number[]>} */
  const groups = new Map();
  digits.forEach(({ kind, mix }, place) => {
    const key = mix.length ? mix.join() : `${kind}`;
    groups.set(key, [...(groups.get(key) ?? []), place]);
  });
  return [...groups.values()];
}

/** @param {{ send(command: import("./protocol.js").Command): void }} client */
export function createDrawing({ send }) {
  let serial = FIRST_ID;
  /** @type {Map<number, (pixels: Uint8Array) => void>} */
  const open = new Map();
  return {
    /** Asks for digits; `done` hears of them when all are there, unless something was refused. @param {Spot[]} digits @param {(pixels: Uint8Array) => void} done */
    ask(digits, done) {
      const all = new Uint8Array(digits.length * 784);
      const groups = groupsOf(digits);
      let left = groups.length;
      for (const places of groups) {
        const { kind, mix } = digits[places[0]];
        open.set((serial += 1), (pixels) => {
          places.forEach((place, i) => all.set(pixels.subarray(i * 784, (i + 1) * 784), place * 784));
          left -= 1;
          if (left === 0) done(all);
        });
        const latents = places.flatMap((place) => digits[place].latent);
        send({ type: "decode-many", id: serial, latents, class: kind, mix });
      }
    },
    /** @param {{ id: number, pixels: Uint8Array }} answer */
    hear({ id, pixels }) {
      const told = open.get(id);
      open.delete(id);
      told?.(pixels);
    },
    /** None of what was asked for will come. */
    forget: () => open.clear(),
  };
}

/**
 * Keeps one picture as it should be.
 * @param {ReturnType<typeof createDrawing>} drawing
 * @param {() => Wanted | null} wanted what the picture should be now; null: it is not looked at
 */
export function createPicture(drawing, wanted) {
  let asked = { key: "", step: "", at: -Infinity };
  let seen = { key: "", at: 0 };
  let busy = false;
  let timer = 0;

  function look() {
    clearTimeout(timer);
    const want = wanted();
    if (!want || busy || (want.key === asked.key && want.step === asked.step)) return;
    const now = performance.now();
    if (want.key !== seen.key) seen = { key: want.key, at: now };
    const first = asked.key === "";
    const due = want.key !== asked.key ? seen.at + QUIET_MS : asked.at + OFTEN_MS;
    if (!first && due > now) {
      timer = setTimeout(look, due - now);
      return;
    }
    busy = true;
    asked = { key: want.key, step: want.step, at: now };
    drawing.ask(want.digits(), (pixels) => {
      busy = false;
      want.done(pixels);
      look();
    });
  }
  return {
    look,
    /** Begins anew: nothing is shown or under way. */
    forget() {
      clearTimeout(timer);
      busy = false;
      asked = { key: "", step: "", at: -Infinity };
    },
  };
}

// The panel of kept runs: each with its picture, name and facts; go on with it, rename it, delete it; and what storage has room for.
import { byId, make, mark, write } from "./dom.js";
import { rowsView } from "./keeping-rows.js";
import { failedKey, fullKey } from "./keeping-words.js";
import { MOST_NAMELESS } from "../store.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("../keeping-types.js").Keeping} Keeping */

/** Training from which on it means something what share of it saving took. */
const ENOUGH_MS = 20_000;

/** Bytes of storage, in words. @param {number} bytes @param {Text} text */
const amount = (bytes, text) => (bytes < 1e9 ? text.bytes(bytes) : `${text.number(bytes / 1e9, 1)}\u00a0GB`);

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function keepingView(act) {
  const section = byId("keeping");
  const details = make("details", { class: "fold", id: "keeping-details" });
  const says = make("small");
  const trouble = make("p", { class: "keeping-trouble", hidden: "" });
  const how = make("p", { class: "why" });
  const list = make("ul", { class: "kept-runs", "aria-labelledby": "keeping-title" });
  const filled = make("span");
  const bar = make("div", { class: "bar", role: "img", hidden: "" }, filled);
  const room = make("p");
  const lasting = make("button", { id: "keep-lasting", type: "button", hidden: "" });
  const cost = make("p", { class: "why" });
  details.append(
    make("summary", {}, make("h2", { id: "keeping-title", "data-t": "keeping.title" }), says),
    ...[trouble, how, list],
    make("div", { class: "kept-room" }, make("div", {}, room, bar), lasting),
    cost,
  );
  section.append(details);
  section.hidden = false;
  const paintRows = rowsView(list, act);
  let wasFull = false;

  details.addEventListener("toggle", () => details.open && act({ type: "look-at-runs" }));
  lasting.addEventListener("click", () => act({ type: "keep-lasting" }));

  /** @param {Keeping} keeping @param {Text} text */
  function paintRoom({ room: now, lasting: promised, store }, text) {
    write(
      room,
      now ? text.t("keeping.room", { used: amount(now.usage, text), quota: amount(now.quota, text) }) : "",
    );
    bar.hidden = now === null;
    if (now) {
      filled.style.setProperty("--part", `${Math.min(1, now.usage / now.quota)}`);
      mark(
        bar,
        "aria-label",
        text.t("keeping.room.bar", { percent: Math.ceil((100 * now.usage) / now.quota) }),
      );
    }
    lasting.hidden = store !== "open" || promised === null;
    lasting.disabled = promised === true;
    write(lasting, text.t(promised ? "keeping.lasting.done" : "keeping.lasting"));
  }

  return (state, text) => {
    const { keeping } = state;
    if (!keeping) return;
    const off = keeping.store !== "open" && keeping.store !== "opening";
    const size = keeping.runs.reduce((sum, run) => sum + run.size, 0);
    const count = keeping.runs.length;
    write(
      says,
      text.t(off ? "keeping.says.off" : count ? "keeping.says.some" : "keeping.says.none", {
        count,
        size: text.bytes(size),
      }),
    );
    mark(section, "data-runs", `${count}`);
    mark(section, "data-store", keeping.store);
    mark(section, "data-full", keeping.full ? "true" : null);
    const share = keeping.cost / Math.max(1, state.elapsed - keeping.since);
    mark(section, "data-cost", keeping.cost ? share.toFixed(4) : "");
    // Where there is no room, the runs that could go are shown.
    if (keeping.full && !wasFull) details.open = true;
    wasFull = keeping.full;
    mark(section, "data-failing", keeping.failing ? "true" : null);
    trouble.hidden = !off && !keeping.full && !keeping.failing;
    if (off) write(trouble, text.t(`keeping.${keeping.store}`));
    else if (keeping.full) write(trouble, text.t(fullKey(keeping), { step: keeping.saved ?? 0 }));
    else if (keeping.failing)
      write(trouble, text.t(failedKey(keeping), { reason: keeping.failing, step: keeping.saved ?? 0 }));
    if (!details.open) return;
    write(how, text.t("keeping.how", { most: MOST_NAMELESS }));
    how.hidden = off;
    write(
      cost,
      state.elapsed - keeping.since > ENOUGH_MS
        ? text.t("keeping.cost", { percent: text.number(100 * share, 2) })
        : "",
    );
    paintRows(state, keeping, text);
    paintRoom(keeping, text);
  };
}

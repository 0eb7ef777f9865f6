// The data panel: where the digits come from, how many are in, and how to get others.
import { byId, mark, write } from "./dom.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function dataView(act) {
  const bar = byId("data-bar");
  const files = /** @type {HTMLInputElement} */ (byId("files"));
  const upright = /** @type {HTMLInputElement} */ (byId("upright"));
  const buttons = { mnist: byId("use-mnist"), drawn: byId("use-drawn"), files: byId("use-files") };
  buttons.mnist.addEventListener("click", () => act({ type: "source", source: "mnist" }));
  buttons.drawn.addEventListener("click", () => act({ type: "source", source: "drawn" }));
  buttons.files.addEventListener("click", () => files.click());
  byId("mirror").addEventListener("click", () => act({ type: "mirror" }));
  upright.addEventListener("change", () => act({ type: "upright", on: upright.checked }));
  files.addEventListener("change", () => {
    if (files.files?.length) act({ type: "files", files: [...files.files] });
    files.value = "";
  });
  acceptDrops(act);

  return (state, text) => {
    const set = state.incoming ?? state.data;
    const unchecked = state.unchecked && set === state.data;
    write(byId("data-source"), set ? text.t(unchecked ? "data.unchecked" : `data.${set.source}`) : "");
    const next = state.nextData ? ` ${text.t(`data.next.${state.nextData}`)}` : "";
    write(byId("data-text"), sentence(state, text) + next);
    const share = set && set.total ? Math.min(1, set.images / set.total) : 0;
    bar.hidden = !set || set.source === "drawn" || set.complete;
    mark(bar, "aria-valuenow", `${Math.round(share * 100)}`);
    /** @type {HTMLElement} */ (bar.firstElementChild).style.setProperty("--part", `${share}`);
    for (const [source, button] of Object.entries(buttons))
      mark(button, "aria-pressed", `${(state.nextData ?? set?.source) === source}`);
    upright.checked = state.upright;
    byId("upright-row").hidden = set?.source !== "files";
    byId("get-mnist").hidden = state.site !== "none" || set?.source === "mnist";
    buttons.mnist.hidden = state.site === "none";
  };
}

/** @param {State} state @param {Text} text */
function sentence({ data, incoming, download, unchecked }, text) {
  const set = incoming ?? data;
  if (!set) return text.t("data.starting");
  const { images, total, labels, usable, complete, source } = set;
  if (source === "drawn") return text.t("data.drawn.text", { images });
  if (complete && images >= total && unchecked && set === data)
    return text.t("data.complete.unchecked", { images });
  if (complete && images >= total)
    return text.t(labels ? "data.complete.labels" : "data.complete", { images });
  if (complete) return text.t("data.partial", { images, total });
  if (download?.mirror && images === 0 && download.state === "fetching")
    return text.t("data.checking", {
      received: text.bytes(download.received),
      total: text.bytes(download.total),
    });
  const parts = [
    images
      ? text.t(usable ? "data.arriving.usable" : "data.arriving", { images, total })
      : text.t("data.first"),
  ];
  if (download?.state === "retrying") parts.push(text.t("data.retrying"));
  else if (download?.state === "fetching" && download.total > 0)
    parts.push(
      text.t("data.bytes", { received: text.bytes(download.received), total: text.bytes(download.total) }),
    );
  else if (!download && source === "mnist" && images === 0) return text.t("data.held");
  return parts.join(" ");
}

/** Takes files dropped anywhere on the page. @param {import("../types.js").Act} act */
function acceptDrops(act) {
  const curtain = byId("drop");
  const holdsFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") === true;
  addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    curtain.hidden = false;
  });
  addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) curtain.hidden = true;
  });
  addEventListener("drop", (event) => {
    curtain.hidden = true;
    if (!holdsFiles(event)) return;
    event.preventDefault();
    act({ type: "files", files: [...(event.dataTransfer?.files ?? [])], transfer: event.dataTransfer });
  });
}

// Once the page is up (until then www/startup.js stands guard): a part of it that fails is said, and the others go on.

const HERE = new URL(".", import.meta.url).href;

/** Hears of every error of the page's own scripts that nobody caught. @param {import("./types.js").Act} act */
export function hearFailures(act) {
  /** @param {unknown} error @param {string} place a text that names the script */
  function hear(error, place) {
    if (!place.includes(HERE)) return;
    const message = error instanceof Error ? error.message : `${error}`;
    act({ type: "note", note: { tone: "error", key: "trouble.part", args: { message } } });
  }
  addEventListener("error", ({ error, message, filename }) => {
    // The browser's own word on a layout that settles a frame later: nothing failed.
    if (!message.startsWith("ResizeObserver loop")) hear(error ?? message, filename);
  });
  addEventListener("unhandledrejection", ({ reason }) =>
    hear(reason, reason instanceof Error ? (reason.stack ?? "") : ""),
  );
}

/** Calls each in turn; one that throws is reported, and the next is called. @param {Iterable<() => void>} calls */
export function callAll(calls) {
  for (const call of calls) {
    try {
      call();
    } catch (error) {
      reportError(error);
    }
  }
}

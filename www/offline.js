// Asks for an offline copy of the page: once all else stands, registers the service worker and tells it what this visit has loaded.

const HERE = new URL(".", import.meta.url).href;

/** Of what was loaded, the paths below the page's folder that no list of files can foretell: engines, ready-made generators, data. @param {readonly string[]} urls @param {string} here */
export function partsOf(urls, here) {
  const own = urls.filter((url) => url.startsWith(here)).map((url) => url.slice(here.length));
  return [...new Set(own.map((path) => path.replace(/[?#].*$/s, "")))].filter((path) =>
    /^(wasm|ready|data)\/./.test(path),
  );
}

/** The folder of an engine, by the name it gives itself: `relaxed-fused` is of `relaxed`. @param {string} build */
export const folderOf = (build) => `wasm/${build.split("-")[0]}/`;

/** A sandboxed frame forbids to ask for them. */
function serviceWorkers() {
  try {
    return navigator.serviceWorker;
  } catch {
    return undefined;
  }
}

/** Returns what hears of the engine in use; the first time, it sets all in motion. @returns {(build: string) => void} */
export function createOffline() {
  const root = document.documentElement;
  const found = serviceWorkers();
  if (!found) return () => {};
  const workers = found;
  /** @type {Set<string>} */
  const heard = new Set();
  /** @type {string[]} */
  let untold = [];
  let telling = false;

  /** @param {string[]} paths */
  function hear(paths) {
    const fresh = paths.filter((path) => !heard.has(path));
    for (const path of fresh) heard.add(path);
    untold.push(...fresh);
    if (untold.length) void tell();
  }

  /** Sends what is untold and waits for the worker to have it; `data-offline` on the root says how that stands. */
  async function tell() {
    if (telling) return;
    telling = true;
    const { active } = await workers.ready;
    root.dataset.offline = "keeping";
    let kept = false;
    while (active && untold.length) {
      const paths = untold;
      untold = [];
      kept = await ask(active, paths);
    }
    telling = false;
    if (kept) root.dataset.offline = "ready";
    else delete root.dataset.offline;
  }

  function begin() {
    const observer = new PerformanceObserver((list) => hear(partsOf(loaded(list.getEntries()), HERE)));
    observer.observe({ type: "resource", buffered: true });
    return install();
  }

  async function install() {
    // The network may go while the page is being copied: the copy is begun anew when it is back.
    const again = () => addEventListener("online", () => void install(), { once: true });
    try {
      const registration = await workers.register(new URL("./sw.js", import.meta.url));
      const made = registration.installing;
      made?.addEventListener("statechange", () => {
        if (made.state === "redundant" && !registration.active) again();
      });
    } catch {
      // No offline copy for now: the page works as ever.
      again();
    }
  }

  let begun = false;
  return (build) => {
    hear([folderOf(build)]);
    if (!begun) whenIdle(begin);
    begun = true;
  };
}

/** The addresses that answered; some browsers do not say how. @param {PerformanceEntryList} entries */
const loaded = (entries) =>
  entries
    .filter((entry) =>
      [200, undefined].includes(/** @type {PerformanceResourceTiming} */ (entry).responseStatus),
    )
    .map(({ name }) => name);

/** @param {ServiceWorker} worker @param {string[]} paths @returns {Promise<boolean>} */
const ask = (worker, paths) =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data === true);
    worker.postMessage({ keep: paths }, [port2]);
  });

/** After the page has loaded and is at rest. @param {() => void} run */
function whenIdle(run) {
  const later = window.requestIdleCallback ?? ((/** @type {() => void} */ run) => setTimeout(run, 200));
  if (document.readyState === "complete") later(() => run());
  else addEventListener("load", () => later(() => run()), { once: true });
}

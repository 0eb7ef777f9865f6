// Before the page's scripts are in: how much of page and engine has come, as a number beside "Starting…". Imports nothing, and ends when the page paints.

const HERE = new URL(".", import.meta.url).href;
const sizes = new URLSearchParams(
  document.querySelector('meta[name="bytes"]')?.getAttribute("content") ?? "",
);
const size = (/** @type {string} */ name) => Number(sizes.get(name)) || 0;
// Which build will run is not known yet; they are nearly as large.
const total = size("page") + size("simd128.js") + size("simd128.wasm");
// Plain digits: how a reader's language groups them is not known yet.
const kB = (/** @type {number} */ bytes) => Math.round(bytes / 1000);
let received = 0;

const observer = new PerformanceObserver((list) => {
  const place = document.getElementById("arriving");
  if (!place && document.readyState !== "loading") return observer.disconnect();
  for (const entry of /** @type {PerformanceResourceTiming[]} */ (list.getEntries()))
    if (entry.name.startsWith(HERE) && new URL(entry.name).pathname.endsWith(".js"))
      received += entry.decodedBodySize || 0;
  if (place && total) place.textContent = `${kB(received)} / ${kB(total)} kB`;
});
observer.observe({ type: "resource", buffered: true });

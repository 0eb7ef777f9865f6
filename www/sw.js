// The service worker: keeps whole editions of the page for use without a network, and gives each visit the files of one edition only.

const worker = /** @type {any} */ (self);
/** @type {string} the page's folder */
const SCOPE = worker.registration.scope;
// Other sites may live on the same origin, so every cache is named by the folder too.
const PAGE = `ganvas ${SCOPE} page `;
const DATA = `ganvas ${SCOPE} data`;
const NOTES = `ganvas ${SCOPE} notes`;
/** Written by the build. @typedef {{ version: string, files: string[], sums?: Record<string, string> }} Edition sums: SHA-256 in hex, by file */
const EDITION = "files.json";
/** How long the list must be missing before the site is taken to have none: one that is being filled or mended has none for a while. */
const MISSING_MS = 24 * 60 * 60 * 1000;
/** Written by the build: where data are, and their sums. */
const SOURCES = "data/sources.json";

const at = (/** @type {string} */ file) => SCOPE + file;
/** Builds, of which a visit needs one: kept once a visit has used it. */
const isPart = (/** @type {string} */ file) => file.startsWith("wasm/");

/** The file that a request is for, below the page's folder; null where it is left to the browser. @param {Request} request */
function fileOf({ method, mode, url }) {
  const { href, pathname } = new URL(url);
  if (method !== "GET" || !href.startsWith(SCOPE)) return null;
  const file = pathname.slice(new URL(SCOPE).pathname.length) || "index.html";
  const left = file === EDITION || file === "sw.js" || (mode === "navigate" && file !== "index.html");
  return left ? null : file;
}

/** What was noted; null where nothing was or storage fails. @param {string} name @returns {Promise<string | null>} */
async function noted(name) {
  const found = await caches.match(at(name), { cacheName: NOTES }).catch(() => undefined);
  return found ? found.text() : null;
}

/** The same, "" where nothing was. @param {string} name */
const recall = async (name) => (await noted(name)) ?? "";

/** @param {string} name @param {string} value */
const note = async (name, value) => (await caches.open(NOTES)).put(at(name), new Response(value));

/** The site's newest edition; null where it has none. @returns {Promise<Edition | null>} */
async function newest() {
  const response = await fetch(at(EDITION), { cache: "no-store" });
  if (response.status === 404) return null;
  const edition = await response.json();
  if (response.ok && typeof edition.version === "string" && Array.isArray(edition.files)) return edition;
  throw new TypeError("no list of files");
}

/** The edition that a cache is of; null where it is not whole. @param {Cache} cache @returns {Promise<Edition | null>} */
const editionIn = async (cache) => (await cache.match(at(EDITION)))?.json() ?? null;

/** @param {Cache} cache */
const filesIn = async (cache) => (await cache.keys()).map(({ url }) => url.slice(SCOPE.length));

/** Brings files of an edition into its cache: all, or none where one is not of that edition. @param {Cache} cache @param {Edition} edition @param {string[]} files */
async function bring(cache, { version, sums }, files) {
  const fetched = files.map(async (file) => {
    // Some servers redirect index.html, and no page can be opened by a redirected answer.
    const response = await fetch(at(file === "index.html" ? "" : file), { cache: "no-cache" });
    const body = await response.arrayBuffer();
    const sound = response.ok && (!sums?.[file] || sums[file] === (await sha256(body)));
    if (!sound) throw new TypeError(`no ${file}`);
    const headers = new Headers(response.headers);
    // Else a page of the next edition may get this file from the browser's memory, which asks nobody.
    headers.set("cache-control", "no-cache");
    return { file, response: new Response(body, { headers }) };
  });
  const brought = await Promise.all(fetched);
  // Without sums only the list tells whether these are still files of that edition.
  if (!files.every((file) => sums?.[file]) && (await newest())?.version !== version)
    throw new TypeError("the site has changed");
  await Promise.all(brought.map(({ file, response }) => cache.put(at(file), response)));
}

/** @param {ArrayBuffer} bytes */
async function sha256(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @type {Promise<unknown> | null} */
let updating = null;
const update = () => (updating ??= install().finally(() => (updating = null)));

/** Whether the list has been missing for long, by what every look for it has noted. */
async function hasLeft() {
  const since = Number(await recall("missing"));
  if (!since) await note("missing", `${Date.now()}`);
  return since > 0 && Date.now() - since > MISSING_MS;
}

/** Installs the newest edition, with the parts that visits have used. Open pages go on with the files they began with. */
async function install() {
  const edition = await newest();
  if (!edition) {
    // One answer of "not found" is no reason to forget what works.
    if (await hasLeft()) await note("current", "");
  } else {
    const before = await filesIn(await caches.open(PAGE + (await recall("current"))));
    const cache = await caches.open(PAGE + edition.version);
    const kept = await filesIn(cache);
    const wanted = edition.files.filter((file) => !isPart(file) || before.includes(file));
    await bring(
      cache,
      edition,
      wanted.filter((file) => !kept.includes(file)),
    );
    await cache.put(at(EDITION), new Response(JSON.stringify(edition)));
    await note("missing", "");
    await note("current", edition.version);
  }
  return edition;
}

/** Keeps what a page has loaded: files, or all below a path that ends in "/". Says whether a visit can now do without a network. @param {string[]} paths */
async function keep(paths) {
  await update().catch(() => {});
  const cache = await caches.open(PAGE + (await recall("current")));
  const edition = await editionIn(cache);
  if (!edition) return false;
  const kept = await filesIn(cache);
  const asked = (/** @type {string} */ file) =>
    paths.some((path) => path === file || (path.endsWith("/") && file.startsWith(path)));
  await bring(
    cache,
    edition,
    edition.files.filter((file) => !kept.includes(file) && asked(file)),
  );
  const data = await caches.open(DATA);
  for (const path of paths)
    if (path.startsWith("data/") && !(await data.match(at(path))))
      await keepData(data, path, await fetch(at(path)));
  return canBegin(cache);
}

/** Whether a visit can begin with what is kept: without an engine it cannot train. @param {Cache} cache */
const canBegin = async (cache) => (await filesIn(cache)).some((file) => file.startsWith("wasm/"));

/** Which version each page and each of its workers began with, "" being the network's; also noted, for when this worker was stopped. @type {Map<string, string>} */
const began = new Map();

/** @param {any} event @param {string} file */
async function answer(event, file) {
  const { request, clientId, resultingClientId } = event;
  const opens = request.mode === "navigate";
  let version = opens
    ? await recall("current")
    : (began.get(clientId) ?? (await noted(`client/${clientId}`)));
  // WebKit names a worker only once it asks for files itself: of what began it nothing is known.
  if (version === null && clientId) return fetch(request).catch(() => keptNow(file));
  const cache = version ? await caches.open(PAGE + version) : null;
  if (opens && !(cache && (await canBegin(cache)))) version = "";
  if (resultingClientId) {
    began.set(resultingClientId, version ?? "");
    event.waitUntil(note(`client/${resultingClientId}`, version ?? ""));
  }
  if (!version || !cache) return fetch(request);
  const kept = await cache.match(at(file));
  if (kept) return kept;
  const edition = await editionIn(cache);
  if (!edition?.files.includes(file)) return fetch(request);
  await bring(cache, edition, [file]);
  return cache.match(at(file));
}

/** A file of the newest edition that is kept. @param {string} file @returns {Promise<Response>} */
async function keptNow(file) {
  const cache = await caches.open(PAGE + (await recall("current")));
  return (await cache.match(at(file))) ?? Response.error();
}

/** The sums of the site's data, by file: packed, and unpacked as some servers give them. @returns {Promise<Record<string, string[]>>} */
async function sumsOfData() {
  const response = await fetch(at(SOURCES), { cache: "no-cache" });
  return (response.ok && (await response.json()).sums) || {};
}

/** Keeps a file of data, unless it is not what the site says it is: what is kept is given to every visit. @param {Cache} cache @param {string} file @param {Response} response */
async function keepData(cache, file, response) {
  if (response.status !== 200) throw new TypeError(`no ${file}`);
  const body = await response.arrayBuffer();
  if (file === SOURCES) JSON.parse(new TextDecoder().decode(body));
  else {
    const sums = (await sumsOfData())[file];
    if (sums && !sums.includes(await sha256(body))) throw new TypeError(`${file} is damaged`);
  }
  await cache.put(at(file), new Response(body, { headers: response.headers }));
}

/** Data outlives versions: what is kept is given at once, and brought anew behind where the site's is another. @param {any} event @param {string} file */
async function answerData(event, file) {
  const cache = await caches.open(DATA);
  const kept = await cache.match(at(file));
  if (kept) {
    event.waitUntil(refresh(cache, file, kept).catch(() => {}));
    return kept;
  }
  const response = await fetch(event.request);
  if (response.status === 200) event.waitUntil(keepData(cache, file, response.clone()).catch(() => {}));
  return response;
}

/** @param {Cache} cache @param {string} file @param {Response} kept */
async function refresh(cache, file, kept) {
  const { ok, headers } = await fetch(at(file), { method: "HEAD", cache: "no-cache" });
  const differs = ["etag", "content-length"].some((name) => {
    const [now, then] = [headers.get(name), kept.headers.get(name)];
    return now && then && now !== then;
  });
  if (ok && (differs || file.endsWith(".json")))
    await keepData(cache, file, await fetch(at(file), { cache: "no-cache" }));
}

/** Forgets pages that are closed, and editions that no page uses. */
async function prune() {
  const open = (await worker.clients.matchAll({ includeUncontrolled: true, type: "all" })).map(
    (/** @type {{ id: string }} */ { id }) => id,
  );
  const notes = await caches.open(NOTES);
  const used = new Set([
    PAGE + (await recall("current")),
    ...[...began.values()].map((version) => PAGE + version),
  ]);
  for (const { url } of await notes.keys()) {
    const [, id] = url.slice(SCOPE.length).split("client/");
    if (!id) continue;
    if (open.includes(id)) used.add(PAGE + (await recall(`client/${id}`)));
    else if (!began.has(id)) await notes.delete(url);
  }
  for (const name of await caches.keys())
    if (name.startsWith(PAGE) && !used.has(name)) await caches.delete(name);
}

worker.addEventListener("install", (/** @type {any} */ event) => {
  worker.skipWaiting();
  // A site without a list is left alone.
  event.waitUntil(update().then((edition) => edition ?? Promise.reject()));
});

worker.addEventListener("message", (/** @type {any} */ event) => {
  const answered = keep(event.data.keep).catch(() => false);
  event.waitUntil(answered.then((kept) => event.ports[0]?.postMessage(kept)));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const file = fileOf(event.request);
  if (!file) return;
  event.respondWith(file.startsWith("data/") ? answerData(event, file) : answer(event, file));
  if (event.request.mode === "navigate")
    event.waitUntil(
      update()
        .then(prune)
        .catch(() => {}),
    );
});

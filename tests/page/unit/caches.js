// The browser's caches as the service worker's tests have them.

/** The browser's caches, as far as the worker uses them. */
export function fakeCaches(get) {
  const all = new Map();
  const urlOf = (key) => (typeof key === "string" ? key : key.url);
  const cacheOf = (entries) => ({
    match: async (key) => entries.get(urlOf(key))?.clone(),
    put: async (key, response) => void entries.set(urlOf(key), response),
    delete: async (key) => entries.delete(urlOf(key)),
    keys: async () => [...entries.keys()].map((url) => ({ url })),
    add: async (key) => {
      const response = await get(urlOf(key));
      if (!response.ok) throw new TypeError("not added");
      entries.set(urlOf(key), response);
    },
  });
  return {
    all,
    open: async (name) => cacheOf(all.get(name) ?? all.set(name, new Map()).get(name)),
    match: async (key, { cacheName }) => all.get(cacheName)?.get(urlOf(key))?.clone(),
    delete: async (name) => all.delete(name),
    keys: async () => [...all.keys()],
  };
}

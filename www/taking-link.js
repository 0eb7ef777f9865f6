// Links: the code of a frame, and what to say where a link holds for another build than this browser's. Pure.

/** Builds whose bits differ. */
const BUILDS = ["relaxed-fused", "relaxed-plain", "simd128"];

/** HTML that shows the page's run in a frame. @param {string} href of the page @param {string} hash of the run */
export function embedCode(href, hash) {
  const url = new URL(href);
  url.searchParams.set("embed", "1");
  url.hash = hash;
  const src = url.href.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  return `<iframe src="${src}" title="GANvas" width="480" height="640" loading="lazy" style="border: 0"></iframe>`;
}

/**
 * What is to be said of a link that was copied on another build, and which build the page should be opened with instead, if any would do.
 * @param {string | undefined} link the build that it names @param {string} here this page's @param {string} search of its address
 * @returns {{ key: string, build?: string | null } | null} `build: null`: whichever suits the browser
 */
export function otherBuild(link, here, search) {
  if (!link || !here || link === here || !BUILDS.includes(link)) return null;
  if (link === "simd128") return { key: "same", build: "simd128" };
  if (here !== "simd128") return { key: "other", build: "simd128" };
  // This page was asked for it: by itself, the browser may well run the other.
  return new URLSearchParams(search).has("build") ? { key: "forced", build: null } : { key: "equal" };
}

/** The page's address with another build. @param {string} href @param {string | null} build @param {string} hash */
export function withBuild(href, build, hash) {
  const url = new URL(href);
  if (build) url.searchParams.set("build", build);
  else url.searchParams.delete("build");
  url.hash = hash;
  return url.href;
}

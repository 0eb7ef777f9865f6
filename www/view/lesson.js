// The lesson: fetched when the reader comes near it, in the reader's language, with a table of contents beside it.
import { bring, settle } from "./bring.js";
import { byId, make, mark, write } from "./dom.js";
import { lessonFigures } from "./lesson-figures.js";

/** How far below the screen it is fetched already. */
const NEAR = "600px 0px";
/** The part of the screen's height below whose line a section is not yet the one being read. */
const READING = 0.35;

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function lessonView(act) {
  const box = byId("lesson");
  const article = byId("lesson-text");
  const list = byId("lesson-list");
  const contents = /** @type {HTMLDetailsElement} */ (byId("lesson-contents"));
  const note = byId("lesson-note");
  const again = byId("lesson-again");
  const figures = lessonFigures(article, act);
  let wanted = false;
  let shown = "";
  let asked = "";
  let settled = false;
  let inView = false;
  /** @type {{ id: string, top: number } | null} the title of what is being read, and its height on the screen */
  let place = null;
  /** Whether the reader is on the way here and the sections are not in yet. */
  let awaited = false;
  /** @type {import("../types.js").Text | null} */
  let words = null;

  function want() {
    wanted = true;
    if (words && words.lang !== shown && words.lang !== asked) void load(words.lang);
  }

  /** @param {string} lang */
  async function load(lang) {
    asked = lang;
    again.hidden = true;
    /** @type {Element[] | null} */
    let sections = null;
    try {
      const response = await fetch(new URL(`../lesson/${lang}.html`, import.meta.url));
      if (response.ok) sections = parse(await response.text());
    } catch {
      // No network: the same as no such file.
    }
    // Meanwhile the reader may have chosen another language.
    if (asked !== lang) return;
    asked = "";
    if (sections) {
      shown = lang;
      swap(sections);
      // It was too short to be brought to the top of the window.
      if (awaited) bring(box);
      awaited = false;
    }
    again.hidden = sections !== null;
    if (words) paintNote(words);
  }

  /** Puts the sections in the place of those shown, the reader staying where they were. @param {Element[]} sections */
  function swap(sections) {
    const kept = place;
    const buttons = () => [...article.querySelectorAll("button")];
    const focus = buttons().findIndex((button) => button === document.activeElement);
    article.lang = shown === "zh" ? "zh-CN" : shown;
    article.replaceChildren(...sections);
    figures.adopt();
    const title = kept && heading(article, kept.id);
    if (title) settle(() => scrollBy({ top: offset(title) - kept.top, behavior: "instant" }));
    if (focus >= 0) buttons()[focus]?.focus({ preventScroll: true });
    list.replaceChildren(...sections.flatMap((section) => entries(section, go)));
    markReading();
    markRead();
  }

  /** @param {Element} section */
  function go(section) {
    if (!roomy.matches) contents.open = false;
    bring(section);
    const title = /** @type {HTMLElement | null} */ (heading(section));
    if (title) title.tabIndex = -1;
    title?.focus({ preventScroll: true });
  }

  const roomy = matchMedia("(min-width: 62.5625em)");
  const fold = () => (contents.open = roomy.matches);
  fold();
  roomy.addEventListener("change", fold);

  function markReading() {
    const title = heading(reading(article));
    const now = title?.id;
    // The panels above change their heights with the language, too: where the reader is, is known from before.
    const turning = article.lang !== document.documentElement.lang && again.hidden;
    if (!turning) place = title && offset(box) < 0 ? { id: title.id, top: offset(title) } : null;
    for (const button of list.querySelectorAll("button")) {
      const here = button.dataset.section === now;
      // The contents may be longer than the screen; the line of what is being read is kept in sight.
      if (here && !button.hasAttribute("aria-current"))
        contents.scrollTop = button.offsetTop - contents.clientHeight / 2;
      mark(button, "aria-current", here ? "true" : null);
    }
  }
  let scheduled = false;
  addEventListener(
    "scroll",
    () => {
      if (scheduled || !shown) return;
      scheduled = true;
      requestAnimationFrame(() => {
        scheduled = false;
        markReading();
      });
    },
    { passive: true },
  );

  // For paper (www/print.css): what is in view is what is meant.
  const markRead = () => document.documentElement.toggleAttribute("data-reading", inView && shown !== "");
  new IntersectionObserver(([{ isIntersecting }]) => {
    inView = isIntersecting;
    markRead();
  }).observe(article);

  /** @param {import("../types.js").Text} text */
  function paintNote(text) {
    note.hidden = shown !== "" && again.hidden;
    write(note, text.t(again.hidden ? "lesson.loading" : "lesson.failed"));
  }

  again.addEventListener("click", want);
  // Who moves the page meanwhile is not taken away again.
  for (const type of ["wheel", "touchmove", "pointerdown", "keydown"])
    addEventListener(type, () => (awaited = false), { passive: true, capture: true });
  byId("to-lesson").addEventListener("click", () => {
    awaited = shown === "";
    want();
    bring(box);
    box.tabIndex = -1;
    box.focus({ preventScroll: true });
  });
  const near = new IntersectionObserver(
    (seen) => {
      if (!seen.some((entry) => entry.isIntersecting)) return;
      near.disconnect();
      want();
    },
    { rootMargin: NEAR },
  );
  // Before the panels above are filled, everything is near.
  const lookOut = () => near.observe(box);
  addEventListener("scroll", lookOut, { once: true, passive: true });

  return (state, text) => {
    const turned = words?.lang !== text.lang;
    words = text;
    if (state.run && !settled) requestAnimationFrame(lookOut);
    settled ||= state.run !== null;
    if (turned) {
      if (wanted) want();
      paintNote(text);
    }
    figures.paint(state, text);
  };
}

/** The sections of a fragment, as nodes of this page. @param {string} html */
function parse(html) {
  const { body } = new DOMParser().parseFromString(html, "text/html");
  const sections = [...body.children].map((section) => document.adoptNode(section));
  if (sections.length === 0 || sections.some((section) => !heading(section))) return null;
  return sections;
}

/** A section's title, or the one called `id`. @param {Element | undefined} section @param {string} [id] */
const heading = (section, id) => section?.querySelector(id ? `h3[id="${id}"]` : "h3[id]") ?? null;

/** @param {Element} element */
const offset = (element) => element.getBoundingClientRect().top;

/** The section being read: the last that begins above the reading line. @param {Element} article */
function reading(article) {
  const line = innerHeight * READING;
  return [...article.children].filter((section) => offset(section) <= line).at(-1);
}

/** A section's line in the contents, after the name of the part that begins with it. @param {Element} section @param {(section: Element) => void} go */
function entries(section, go) {
  const title = heading(section);
  const key = make(
    "button",
    { type: "button", "data-section": title?.id ?? "" },
    title?.textContent?.trim() ?? "",
  );
  key.addEventListener("click", () => go(section));
  const part = section.querySelector(".part");
  const lines = part ? [make("li", { class: "part" }, part.textContent?.trim() ?? "")] : [];
  return [...lines, make("li", {}, key)];
}

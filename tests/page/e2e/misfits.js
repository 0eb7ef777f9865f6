// What of a page does not fit its window, or lies on something else, at the size of letters that the reader wants.

/** @typedef {import("playwright-core").Page} Page */

/** The browser's size of letters, as in its settings. @param {Page} page @param {number} pixels */
export async function letters(page, pixels) {
  const session = await page.context().newCDPSession(page);
  await session.send("Page.setFontSizes", { fontSizes: { standard: pixels, fixed: pixels } });
}

/** What does not fit or lies on something else, as sentences. @param {Page} page @returns {Promise<string[]>} */
export const misfits = (page) =>
  page.evaluate(() => {
    // Rounding, and the empty edge of a line of letters.
    const SLACK = 2.5;
    /** @type {string[]} */
    const found = [];
    const name = (/** @type {Element} */ element) =>
      `${element.tagName.toLowerCase()}${element.id && `#${element.id}`}.${element.className} “${(element.textContent ?? "").trim().slice(0, 30)}”`;
    const seen = (/** @type {Element} */ element) => {
      const { width, height } = element.getBoundingClientRect();
      return element.checkVisibility() && width > 2 && height > 2 && !element.closest(".unseen, .skip");
    };
    const floats = (/** @type {Element} */ element) => {
      for (let at = /** @type {Element | null} */ (element); at; at = at.parentElement)
        if (["fixed", "sticky"].includes(getComputedStyle(at).position)) return true;
      return false;
    };
    /** The lines of an element's words; those that are meant to be shortened, by three dots, end with their box. @param {Element} element */
    const linesOf = (element) => {
      const range = document.createRange();
      range.selectNodeContents(element);
      const shortened = getComputedStyle(element).textOverflow === "ellipsis";
      return shortened ? [element.getBoundingClientRect()] : [...range.getClientRects()];
    };
    const controls = [
      ...document.querySelectorAll("button, select, input, summary, a, output, .pill"),
    ].filter(seen);
    for (const control of controls) {
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = control;
      const native = control.matches("input, a, output");
      if (!native && scrollWidth > clientWidth + SLACK)
        found.push(`${name(control)} is cut: ${scrollWidth} > ${clientWidth}`);
      if (!native && scrollHeight > clientHeight + SLACK && !control.matches("summary"))
        found.push(`${name(control)} is cut: ${scrollHeight} > ${clientHeight} high`);
      const { left, right } = control.getBoundingClientRect();
      if (left < -SLACK || right > innerWidth + SLACK) found.push(`${name(control)} leaves the window`);
    }
    // A range of text whose box is narrower than its words.
    for (const element of document.querySelectorAll(
      "p, small, dd, dt, h1, h2, h3, label, li, figcaption, output, span",
    )) {
      if (!seen(element) || floats(element)) continue;
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim());
      if (!own) continue;
      const lines = linesOf(element);
      for (let at = element.parentElement; at && at !== document.body; at = at.parentElement) {
        const style = getComputedStyle(at);
        if (style.overflowX === "visible" && style.overflowY === "visible") continue;
        if (style.overflowX === "auto" || style.overflowY === "auto" || at.matches(".tagline")) break;
        const box = at.getBoundingClientRect();
        if (lines.some(({ right, bottom }) => right > box.right + SLACK || bottom > box.bottom + SLACK))
          found.push(`${name(element)} is cut by ${name(at)}`);
        break;
      }
      if (lines.some(({ right }) => right > innerWidth + SLACK))
        found.push(`${name(element)} leaves the window`);
    }
    // What may be pressed lies on nothing else that may be pressed, nor on words.
    const words = [...document.querySelectorAll("p, small, dd, dt, h1, h2, h3, figcaption, output")].filter(
      seen,
    );
    const flat = [...controls, ...words].filter((element) => !floats(element));
    const boxes = flat.map((element) => {
      // Of words, each line: two that follow each other may share one.
      const rects = words.includes(element) ? linesOf(element) : [element.getBoundingClientRect()];
      return { element, rects };
    });
    /** @param {DOMRect} one @param {DOMRect} two */
    const overlap = (one, two) =>
      Math.min(one.right, two.right) - Math.max(one.left, two.left) > SLACK &&
      Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top) > SLACK;
    boxes.forEach(({ element: a, rects: ones }, index) => {
      for (const { element: b, rects: twos } of boxes.slice(index + 1)) {
        if (a.contains(b) || b.contains(a)) continue;
        // A choice's own button is hidden behind its words.
        if (a.closest(".segments") && a.closest(".segments") === b.closest(".segments")) continue;
        if (ones.some((one) => twos.some((two) => overlap(one, two))))
          found.push(`${name(a)} and ${name(b)} overlap`);
      }
    });
    return found;
  });

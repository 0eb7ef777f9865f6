// Small helpers every panel uses: find, make, fill in text, draw digits.

/** The element called `id`, which the markup has. @template {HTMLElement} [E=HTMLElement] @param {string} id @returns {E} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element #${id}`);
  return /** @type {E} */ (found);
}

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Record<string, string>} [attributes] @param {(Node | string)[]} children
 */
export function make(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Writes only what differs, so that nothing is laid out or announced again. @param {Element} element @param {string} text */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** @param {Element} element @param {string} name @param {string | null} value removes the attribute where null */
export function mark(element, name, value) {
  if (value === null) element.removeAttribute(name);
  else if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Fills the markup's fixed sentences: `data-t` is the key of the text, `data-t-label` of the accessible name; what has not come yet stays. @param {import("../types.js").Text} text */
export function translate(text) {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (
    document.querySelectorAll("[data-t], [data-t-label]")
  )) {
    const { t, tLabel } = element.dataset;
    if (t && text.has(t)) write(element, text.t(t));
    if (tLabel && text.has(tLabel)) mark(element, "aria-label", text.t(tLabel));
  }
}

/** Shows how far along its track a slider stands, for browsers that cannot style that themselves. @param {HTMLInputElement} slider */
export function fillTrack(slider) {
  const [min, max] = [Number(slider.min), Number(slider.max)];
  slider.style.setProperty("--fill", `${((Number(slider.value) - min) / (max - min || 1)) * 100}%`);
}

/**
 * Lays digits out on a canvas, row after row, 28 x 28 canvas pixels each.
 * @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} pixels one byte a pixel, 784 a digit
 */
export function drawDigits(canvas, pixels) {
  const count = Math.floor(pixels.length / 784);
  const columns = Number(canvas.dataset.columns);
  const rows = Math.max(1, Math.ceil(count / columns));
  if (canvas.height !== rows * 28) canvas.height = rows * 28;
  canvas.dataset.rows = `${rows}`;
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(columns * 28, rows * 28);
  const words = new Uint32Array(image.data.buffer).fill(0xff000000);
  for (let digit = 0; digit < count; digit += 1) {
    const corner = Math.floor(digit / columns) * 28 * columns * 28 + (digit % columns) * 28;
    for (let y = 0; y < 28; y += 1) {
      for (let x = 0; x < 28; x += 1) {
        words[corner + y * columns * 28 + x] = 0xff000000 | (pixels[digit * 784 + y * 28 + x] * 0x010101);
      }
    }
  }
  context.putImageData(image, 0, 0);
}

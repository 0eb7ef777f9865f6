// The dock's tabs on a phone: each brings its part of the page into view, and the part in view is marked.

/** What stands for a part on the screen: where the window is low, the settings have no box of their own. @param {HTMLElement} part */
const boxOf = (part) => (part.getClientRects().length ? part : (part.querySelector("h2") ?? part));

export function tabs() {
  const buttons = [...document.querySelectorAll("[data-tab]")].map(
    (button) => /** @type {HTMLElement} */ (button),
  );
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const parts = buttons.map(
    (button) => /** @type {HTMLElement} */ (document.getElementById(button.dataset.tab ?? "")),
  );
  buttons.forEach((button, index) =>
    button.addEventListener("click", () =>
      boxOf(parts[index]).scrollIntoView({ behavior: still.matches ? "auto" : "smooth", block: "start" }),
    ),
  );
  let scheduled = false;
  const update = () => {
    scheduled = false;
    const tops = parts.map((part) => boxOf(part).getBoundingClientRect().top);
    const line = innerHeight / 3;
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
    const above = tops.map((top, index) => ({ top, index })).filter(({ top }) => top <= line);
    const current = atEnd ? parts.length - 1 : (above.sort((a, b) => b.top - a.top)[0]?.index ?? 0);
    buttons.forEach((button, index) =>
      index === current
        ? button.setAttribute("aria-current", "true")
        : button.removeAttribute("aria-current"),
    );
  };
  addEventListener(
    "scroll",
    () => {
      if (!scheduled) requestAnimationFrame(update);
      scheduled = true;
    },
    { passive: true },
  );
}

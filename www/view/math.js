// Formulas on the page: trees of MathML as elements.

/** @typedef {import("./slow-formula.js").Tree} Tree */

const MATHML = "http://www.w3.org/1998/Math/MathML";

/** @param {Tree} tree @returns {Element} */
function element({ tag, kids, of }) {
  const made = document.createElementNS(MATHML, tag);
  if (of) made.setAttribute("class", of);
  if (tag === "mspace") made.setAttribute("width", "0.17em");
  // Bars stand for norms here: they hug what is between them.
  if (tag === "mo" && /^[‖|]$/.test(`${kids[0]}`)) {
    made.setAttribute("lspace", "0.08em");
    made.setAttribute("rspace", "0.08em");
    made.setAttribute("stretchy", "false");
  }
  made.append(...kids.map((kid) => (typeof kid === "string" ? kid : element(kid))));
  return made;
}

/** A formula of its own. @param {Tree} tree */
export function mathOf(tree) {
  const math = document.createElementNS(MATHML, "math");
  math.setAttribute("displaystyle", "true");
  math.append(element(tree));
  return math;
}

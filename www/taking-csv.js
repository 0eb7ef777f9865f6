// The curves as a table that every spreadsheet reads, and back: one row a kept point, all branches. Pure.
import { noCurves } from "./curves.js";
import { BadFile } from "./files.js";

/** @typedef {import("./types.js").Curves} Curves */
/** @typedef {{ branch: number, curves: Curves }} Branch */

const COLUMNS = /** @type {const} */ (["steps", "times", "real", "fake", "g", "held", "dNorm", "gNorm"]);
/** Branches are counted from 1, as the page counts them. */
export const HEADER = "branch,step,seconds,d_loss_real,d_loss_fake,g_loss,penalty_or_cycle,d_norm,g_norm";
/** Far more than the page keeps. */
const MOST_ROWS = 20_000;
/** Branches that are read. */
const MOST_BRANCHES = 4;

/**
 * Of curves that share their first points with others, each point once, on the branch that it is on.
 * @param {Pick<import("./types.js").State, "branch" | "forks" | "curves" | "left">} state
 */
export function toCsv({ branch, forks, curves, left }) {
  const own = left.filter((other) => other.branch >= 0);
  /** @type {Map<string, number[]>} */
  const rows = new Map();
  for (const from of [{ branch, curves }, ...own]) {
    from.curves.steps.forEach((step, i) => {
      const on = branchAt(step, from.branch, forks);
      const [, ms, ...values] = COLUMNS.map((key) => from.curves[key][i]);
      const key = `${on} ${step}`;
      if (!rows.has(key)) rows.set(key, [on + 1, step, Math.round(ms) / 1000, ...values]);
    });
  }
  const sorted = [...rows.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  return `${[HEADER, ...sorted.map((row) => row.join(","))].join("\r\n")}\r\n`;
}

/** The branch that a run now on `branch` was on at `step`. @param {number} step @param {number} branch @param {{ parent: number, step: number }[]} forks */
function branchAt(step, branch, forks) {
  let at = branch;
  for (let fork = forks[at - 1]; fork && step <= fork.step; fork = forks[at - 1]) at = fork.parent;
  return at;
}

/** The branches of a table that `toCsv` wrote. @param {string} text @param {string} name of the file @returns {Branch[]} */
export function fromCsv(text, name) {
  const lines = text.trimEnd().split(/\r?\n/);
  if (lines[0] !== HEADER || lines.length < 2) throw new BadFile("taking.bad.csv", { name, line: 1 });
  if (lines.length > MOST_ROWS) throw new BadFile("taking.bad.csv", { name, line: MOST_ROWS });
  /** @type {Map<number, Branch>} */
  const branches = new Map();
  lines.slice(1).forEach((line, i) => {
    const [branch, step, seconds, ...values] = line
      .split(",")
      .map((cell) => (cell.trim() ? Number(cell) : NaN));
    const numbers = [branch, step, seconds, ...values];
    const found = branches.get(branch) ?? { branch, curves: noCurves() };
    const later = step > (found.curves.steps.at(-1) ?? -1);
    if (numbers.length !== COLUMNS.length + 1 || !numbers.slice(0, 3).every(Number.isFinite) || !later)
      throw new BadFile("taking.bad.csv", { name, line: i + 2 });
    branches.set(branch, found);
    const row = [step, seconds * 1000, ...values];
    COLUMNS.forEach((key, c) => found.curves[key].push(row[c]));
  });
  return [...branches.values()].slice(-MOST_BRANCHES);
}

// The page's sentences as its reader has them: those of the first screen, and those that come with the rest.
import { readFileSync } from "node:fs";
import { LANGUAGES } from "../../../www/i18n.js";

/** @param {string} file @returns {Record<string, string>} */
const read = (file) =>
  JSON.parse(readFileSync(new URL(`../../../www/i18n/${file}`, import.meta.url), "utf8"));

export const first = Object.fromEntries(LANGUAGES.map((lang) => [lang, read(`${lang}.json`)]));
export const more = Object.fromEntries(LANGUAGES.map((lang) => [lang, read(`more/${lang}.json`)]));
/** All of them, by language and key. */
export const sentences = Object.fromEntries(
  LANGUAGES.map((lang) => [lang, { ...first[lang], ...more[lang] }]),
);

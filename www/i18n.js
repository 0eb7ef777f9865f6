// The reader's language: which one, its sentences, and numbers as its reader writes them.
import { languageOf, localeOf, wishes } from "./locale.js";

/** @typedef {import("./types.js").Text} Text */

export const LANGUAGES = ["en", "zh"];

/** A place for an argument, `{step}`, or for a word that goes with its number, `{step|step|steps}`. */
const HOLE = /\{(\w+)(?:\|([^{}|]*)\|([^{}|]*))?\}/g;

/**
 * `?lang=` wins, then the saved switch, then the browser's languages.
 * @param {string} search @param {string | null} saved @param {readonly unknown[]} [languages]
 */
export function chooseLanguage(search, saved, languages = wishes()) {
  const named = [new URLSearchParams(search).get("lang"), saved, ...languages].map(languageOf);
  return named.find((lang) => LANGUAGES.includes(lang)) ?? LANGUAGES[0];
}

/** The sentences of the first screen or, once there is more of the page, of the whole. @param {string} lang @param {boolean} [whole] @returns {Promise<Text>} */
export async function loadText(lang, whole = false) {
  const files = whole ? [`i18n/${lang}.json`, `i18n/more/${lang}.json`] : [`i18n/${lang}.json`];
  const load = async (/** @type {string} */ file) => (await fetch(new URL(file, import.meta.url))).json();
  return createText(lang, Object.assign({}, ...(await Promise.all(files.map(load)))), wishes());
}

/** @param {string} lang @param {Record<string, string>} sentences @param {readonly unknown[]} languages @returns {Text} */
export function createText(lang, sentences, languages = []) {
  const locale = localeOf(lang, languages);
  const has = (/** @type {string} */ key) => Object.hasOwn(sentences, key);
  /** @type {Map<number, Intl.NumberFormat>} */
  const formats = new Map();
  /** @type {Intl.PluralRules | undefined} */
  let plurals;

  /** @param {number} value @param {number} [digits] after the decimal mark */
  function number(value, digits = 0) {
    let format = formats.get(digits);
    if (!format) {
      format = new Intl.NumberFormat(locale, {
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      });
      formats.set(digits, format);
    }
    return format.format(value);
  }

  /** @param {string} key @param {Record<string, string | number>} [args] */
  function t(key, args = {}) {
    return (sentences[key] ?? key).replace(HOLE, (hole, name, one, others) => {
      if (!(name in args)) return hole;
      if (others === undefined) return word(name, args[name]);
      plurals ??= new Intl.PluralRules(locale);
      return plurals.select(Number(args[name])) === "one" ? one : others;
    });
  }

  /** An argument as the reader knows it: knobs by their names, kinds of files in the language. @param {string} name @param {string | number} value */
  function word(name, value) {
    if (typeof value === "number") return number(value);
    if (name === "key" && has(`knob.${value}.name`)) return sentences[`knob.${value}.name`];
    if (name === "gan") return ganName(value);
    if (name === "kind" && has(`kind.${value}`)) return sentences[`kind.${value}`];
    return value;
  }

  /** What a GAN is called, without what is said of it. @param {string} id */
  const ganName = (id) => (sentences[`recipe.${id}.name`] ?? id).split(/[:：]/)[0];

  /** @type {Text} */
  const text = {
    lang,
    locale,
    has,
    t,
    number,
    gan: ganName,
    say: ({ key, args, message }) => (has(key) || !message ? t(key, args) : message),
    either: (words) => new Intl.ListFormat(locale, { type: "disjunction" }).format(words),
    knob({ kind }, value) {
      if (kind.is === "flag") return t(value === "true" ? "on" : "off");
      if (kind.is === "choice") return has(`option.${value}`) ? sentences[`option.${value}`] : value;
      return value;
    },
    bytes: (value) => `${number(value / 1e6, 1)}\u00a0MB`,
    time(ms) {
      const seconds = Math.floor(ms / 1000);
      const two = (/** @type {number} */ part) => `${part}`.padStart(2, "0");
      const hours = Math.floor(seconds / 3600);
      const minutes = Math.floor(seconds / 60) % 60;
      return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
    },
  };
  return text;
}

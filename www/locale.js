// Languages as `Intl` takes them. What a browser calls its language may be no valid tag (`C`, `en-US@posix`), and `Intl` throws on such a name.

/** The valid language tag of a name as browsers and systems write it; null where it names none. @param {unknown} name */
export function tagOf(name) {
  // POSIX writes en_US.UTF-8@euro; of its own variant of a language, numbers would have no separators.
  const plain = `${name ?? ""}`
    .trim()
    .replace(/[.@].*$/s, "")
    .replaceAll("_", "-")
    .replace(/-u-va-posix$/i, "");
  try {
    return Intl.getCanonicalLocales(plain)[0] ?? null;
  } catch {
    return null;
  }
}

/** The language of a name, without its region: "zh" of "zh_CN.UTF-8". @param {unknown} name */
export const languageOf = (name) => tagOf(name)?.toLowerCase().split("-")[0] ?? "";

/** What the browser says its reader reads, best first. @returns {unknown[]} */
export const wishes = () => [
  ...(Array.isArray(navigator.languages) ? navigator.languages : []),
  navigator.language,
];

/** The tag to give to `Intl` for text in `lang`: the reader's own form of that language, where the browser names one. @param {string} lang @param {readonly unknown[]} languages */
export const localeOf = (lang, languages) =>
  tagOf(languages.find((name) => languageOf(name) === lang)) ?? tagOf(lang) ?? "en";

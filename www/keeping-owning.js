// Which kept runs are this tab's: while one trains, no other tab may store over it.

import { placed } from "./place.js";

const PREFIX = placed("run ");

/** A name that no other run and no other page has. */
export const newName = () =>
  [...crypto.getRandomValues(new Uint32Array(3))].map((word) => word.toString(16).padStart(8, "0")).join("");

/** Without locks nobody is kept out here: then the store sees who stored a run last. @param {LockManager | undefined} locks */
export function createOwning(locks) {
  /** The runs that this tab owns, and how it lets go of each. @type {Map<string, () => void>} */
  const own = new Map();

  return {
    /** Makes a run this tab's, unless it is another's. @param {string} id @returns {Promise<boolean>} */
    async take(id) {
      if (!locks || own.has(id)) return true;
      return new Promise((resolve) => {
        locks
          .request(PREFIX + id, { ifAvailable: true }, (lock) => {
            resolve(lock !== null);
            return lock && new Promise((release) => void own.set(id, () => release(null)));
          })
          // A browser that forbids locks is as one that has none.
          .catch(() => resolve(true));
      });
    },
    /** Lets go of all runs but these. @param {string[]} ids */
    keepOnly(ids) {
      for (const [id, release] of own) {
        if (ids.includes(id)) continue;
        own.delete(id);
        release();
      }
    },
    /** The runs that other tabs own. @returns {Promise<string[]>} */
    async elsewhere() {
      try {
        const { held = [] } = (await locks?.query()) ?? {};
        const names = held.flatMap(({ name }) =>
          name?.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : [],
        );
        return names.filter((id) => !own.has(id));
      } catch {
        return [];
      }
    },
  };
}

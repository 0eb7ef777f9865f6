// What comes when a run stands, so that training waits for none of it: the panels below the first screen, the run beside the page's own, and the
// parts of the page that act by themselves.
import { createHeartbeat } from "./heartbeat.js";
import { createKeeping } from "./keeping.js";
import { createMorphing } from "./morphing.js";
import { openSecond } from "./second.js";
import { createSketching } from "./sketching.js";
import { createTaking } from "./taking.js";
import { compareView } from "./view/compare.js";
import { byId, make } from "./view/dom.js";
import { heeding } from "./view/heed.js";
import { inspectView } from "./view/inspect.js";
import { lessonView } from "./view/lesson.js";
import { qualityFacts, qualityView } from "./view/quality.js";
import { slowView } from "./view/slow.js";
import { timelineView } from "./view/timeline.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").AnyEvent} AnyEvent */

const SHEETS = [
  "looking.css",
  "timeline.css",
  "slow.css",
  "slow-stage.css",
  "slow-phone.css",
  "compare.css",
  "lesson.css",
  "lesson-figures.css",
  "morphing.css",
  "morphing-path.css",
  "sketching.css",
  "sketching-own.css",
  "keeping.css",
  "taking.css",
];

/** Resolves when the style of what is below is in. */
export const styled = () =>
  Promise.all(
    SHEETS.filter((href) => !document.querySelector(`link[href="${href}"]`)).map((href) => {
      const link = make("link", { rel: "stylesheet", href });
      document.head.append(link);
      return new Promise((done, failed) => {
        link.onload = done;
        link.onerror = () => failed(link.remove());
      });
    }),
  );

/** @param {import("./types.js").Page} page */
export function createBelow(page) {
  const { act, sight } = page;
  const taking = createTaking(page);
  /** @type {import("./types.js").Part[]} */
  const parts = [
    createMorphing(page),
    createSketching(page),
    createKeeping(page),
    taking,
    createHeartbeat(page),
  ];
  return {
    views: [
      ...[
        timelineView(act, (view) => sight.only(byId("timeline"), view)),
        inspectView(act),
        qualityFacts,
        sight.only(byId("quality"), qualityView(act)),
        slowView(act),
        lessonView(act),
      ].map(heeding(page.now)),
      ...parts.flatMap(({ views }) => views),
    ],
    compare: compareView(act, sight),
    openSecond,
    take: taking.take,
    /** @param {State} state @param {AnyEvent} event @returns {State} */
    reduce: (state, event) => parts.reduce((so, { reduce }) => reduce?.(so, event) ?? so, state),
    /** @param {AnyEvent} event @param {State} before */
    hear(event, before) {
      for (const { effects } of parts)
        /** @type {((event: AnyEvent, before: State) => void) | undefined} */ (effects?.[event.type])?.(
          event,
          before,
        );
    },
  };
}

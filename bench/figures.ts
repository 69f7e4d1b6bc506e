import type { Figure } from "./figure.ts";
import { append } from "./figures/append.ts";
import { audit } from "./figures/audit.ts";
import { catchUp } from "./figures/catch-up.ts";
import { content } from "./figures/content.ts";
import { exporting } from "./figures/export.ts";
import { memory } from "./figures/memory.ts";
import { policy } from "./figures/policy.ts";
import { presenceBurst } from "./figures/presence-burst.ts";
import { retention } from "./figures/retention.ts";
import { rosterInMain } from "./figures/roster-main.ts";
import { rosterInWindow } from "./figures/roster-window.ts";
import { roundTrip } from "./figures/round-trip.ts";
import { search } from "./figures/search.ts";
import { signIn } from "./figures/sign-in.ts";
import { start } from "./figures/start.ts";
import { wheel } from "./figures/wheel.ts";

/**
 * Everything that is measured, in the order of the table. A new figure is one file in bench/figures and one line here.
 */
export const figures: readonly Figure[] = [
  start,
  rosterInWindow,
  rosterInMain,
  signIn,
  presenceBurst,
  catchUp,
  roundTrip,
  wheel,
  append,
  search,
  retention,
  policy,
  content,
  exporting,
  audit,
  memory,
];

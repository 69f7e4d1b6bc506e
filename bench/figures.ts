import type { Figure } from "./figure.ts";
import { catchUp } from "./figures/catch-up.ts";
import { rosterInMain } from "./figures/roster-main.ts";

/** Everything that is measured, in the order of the table. A new figure is one file in bench/figures and one line here. */
export const figures: readonly Figure[] = [catchUp, rosterInMain];

import * as v from "valibot";
import { declare } from "./declare.ts";

export const historyModes = ["off", "memory", "encrypted"] as const;
export type HistoryMode = (typeof historyModes)[number];

export const history = {
  /**
   * What is kept of conversations. `encrypted`: on this computer, in an encrypted database. `memory`: until Hallway
   * quits, searchable. `off`: only what an open conversation shows; not searchable, gone when it is closed.
   */
  HistoryMode: declare({
    schema: v.picklist(historyModes),
    default: "encrypted",
    restricted: "off",
    policy: "mandatory-and-recommended",
    user: true,
    since: "0.1",
    example: "encrypted",
  }),
} as const;

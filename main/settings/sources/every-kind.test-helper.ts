import * as v from "valibot";
import { declare, itDecides, personOrPolicy, planned } from "../../../shared/settings/declare.ts";
import { boolean, choice, integer, list, structure, text } from "../../../shared/settings/kinds.ts";

const rule = v.object({ pattern: v.string(), action: v.picklist(["warn", "block"]) });

/** A setting of every kind, for tests of the sources. */
export const everyKind = {
  Flag: declare({ ...boolean(), ...personOrPolicy, ...planned, default: false, restricted: true, example: true }),
  Mode: declare({
    ...choice(["open", "warn", "block"]),
    ...personOrPolicy,
    ...planned,
    default: "open",
    restricted: "block",
    example: "warn",
  }),
  Days: declare({
    ...integer(0, 4_000_000_000),
    ...personOrPolicy,
    ...planned,
    default: 0,
    restricted: 1,
    example: 30,
  }),
  Name: declare({ ...text(200), ...itDecides, ...planned, default: "", restricted: "", example: "Example Bank" }),
  Domains: declare({
    ...list(v.string(), 1000),
    ...personOrPolicy,
    ...planned,
    default: [],
    restricted: ["*"],
    example: ["example.com"],
  }),
  Rules: declare({ ...structure(v.array(rule)), ...itDecides, ...planned, default: [], restricted: [], example: [] }),
  GroupA: declare({
    ...text(200),
    ...personOrPolicy,
    ...planned,
    group: "g",
    default: "",
    restricted: "tight",
    example: "a",
  }),
  GroupB: declare({
    ...text(200),
    ...personOrPolicy,
    ...planned,
    group: "g",
    default: "",
    restricted: "tight",
    example: "b",
  }),
  Own: declare({
    ...boolean(),
    policy: "none",
    user: true,
    since: "0.1",
    default: false,
    restricted: false,
    example: true,
  }),
} as const;

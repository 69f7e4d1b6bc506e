import * as v from "valibot";
import { maxAddressLength } from "../model/address.ts";
import { declare, itDecides, personOrPolicy } from "./declare.ts";
import { checkOf, domainPattern, formOf, instant, name } from "./forms.ts";
import { boolean, choice, integer, structure } from "./kinds.ts";

export const historyModes = ["encrypted", "memory", "off"] as const;
export type HistoryMode = (typeof historyModes)[number];

/** Fields that every hold has: the matter it is for, and from when to when (both included; absent: without end). */
const hold = { matter: name, from: v.optional(instant), to: v.optional(instant) };

/**
 * A bare address that somebody can have (main/addressing/parse-address.ts). With a scheme, brackets, an asterisk or a
 * gap it would hold nobody.
 */
const heldAddress = v.pipe(
  v.string(),
  v.maxLength(maxAddressLength),
  formOf(/^(?!\*@)(?!.*(?:\$\{|\{\{|%.*%))[^\s"/:<>@]+@[^\s"'/<>@*;,?#%()]+$/u, "held-address"),
);

const LegalHoldSchema = v.pipe(
  v.variant("type", [
    v.strictObject({ ...hold, type: v.literal("address"), address: heldAddress }),
    v.strictObject({ ...hold, type: v.literal("room"), address: heldAddress }),
    v.strictObject({ ...hold, type: v.literal("domain"), domain: domainPattern }),
    v.strictObject({ ...hold, type: v.literal("everything") }),
  ]),
  // A span that ends before it begins would hold nothing.
  checkOf(
    ({ from, to }) =>
      from === undefined ||
      to === undefined ||
      Date.parse(from) <= Date.parse(to.includes("T") ? to : `${to}T23:59:59Z`),
    "span",
  ),
);

const enforced = { status: "enforced", since: "0.2" } as const;

export const history = {
  /**
   * Mode in which conversations are kept. `encrypted`: on this computer, in an encrypted database. `memory`: until
   * Hallway quits, searchable. `off`: only what an open conversation shows; not searchable, gone when it is closed.
   */
  HistoryMode: declare({
    ...choice(historyModes),
    ...personOrPolicy,
    default: "encrypted",
    restricted: "off",
    since: "0.1",
    example: "encrypted",
    status: "enforced",
    test: "main/app/app.test.ts: obeys a policy file while it runs, and gives the choice back when the file goes",
  }),
  /** Days after which a message is deleted; 0: never. What cannot be read deletes nothing. */
  HistoryRetentionDays: declare({
    ...integer(0, 36_500),
    ...personOrPolicy,
    ...enforced,
    default: 0,
    restricted: 0,
    example: 365,
    test: "main/enforcement/retention.test.ts: what is older than the days of policy goes at once, from the disk and from the window, and nothing else",
  }),
  /** The same for conversations with people outside; 0: as HistoryRetentionDays. */
  HistoryRetentionExternalDays: declare({
    ...integer(0, 36_500),
    ...itDecides,
    ...enforced,
    default: 0,
    restricted: 36_500,
    example: 2555,
    test: "main/enforcement/retention.test.ts: conversations with people outside have days of their own, shorter or longer",
  }),
  /** Days for which a message cannot be deleted, by anybody or by HistoryRetentionDays. */
  HistoryMinimumDays: declare({
    ...integer(0, 36_500),
    ...itDecides,
    ...enforced,
    default: 0,
    restricted: 36_500,
    example: 90,
    test: "main/enforcement/retention.test.ts: nothing younger than the minimum goes, by retention or by the person, and all goes when it is old enough",
  }),
  HistoryDeleteEnabled: declare({
    ...boolean(),
    ...itDecides,
    ...enforced,
    default: true,
    restricted: false,
    example: false,
    test: "main/enforcement/deletion.test.ts: nothing is deleted where policy forbids it, and the person is told so; where it allows it, it is gone",
  }),
  /** Permission to export for the person; an export by IT on the command line does not ask it. */
  HistoryExportEnabled: declare({
    ...boolean(),
    ...itDecides,
    default: true,
    restricted: false,
    since: "0.2",
    example: false,
    status: "enforced",
    test: "main/enforcement/export.test.ts: is refused while policy forbids it, also when that changes under way, and works again after",
  }),
  /** Which conversations HistoryMode keeps: internal are those in which everyone is of an own domain. */
  HistoryScope: declare({
    ...choice(["all", "internal", "external"]),
    ...itDecides,
    default: "all",
    restricted: "all",
    since: "0.2",
    example: "all",
    status: "enforced",
    test: "main/enforcement/history-scope.test.ts: HistoryScope keeps only what is in scope, live and both ways",
  }),
  /** The server's archive (XEP-0313): asked for and demanded, left as it is, or switched off for our conversations. */
  ServerArchiveMode: declare({
    ...choice(["allow", "require", "forbid"]),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/server-archive.test.ts: a server that does not archive is left where policy requires it, and one that cannot be told not to where policy forbids it",
    default: "allow",
    restricted: "require",
    example: "forbid",
  }),
  /** Holds: no retention and no person may delete what they name. A list that cannot be read holds everything. */
  LegalHoldSubjects: declare({
    ...structure(v.pipe(v.array(LegalHoldSchema), v.maxLength(10_000), v.readonly())),
    ...itDecides,
    ...enforced,
    group: "hold",
    test: "main/enforcement/hold.test.ts: what a hold names outlives retention, the person and a restart, and goes when the hold is lifted",
    default: [],
    restricted: [{ type: "everything", matter: "LegalHoldSubjects" }],
    example: [
      { type: "address", address: "dana@example.com", matter: "Case 2026-114" },
      { type: "domain", domain: "supplier.example", matter: "Audit 12", from: "2026-01-01", to: "2026-06-30" },
    ],
  }),
} as const;

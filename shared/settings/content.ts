import * as v from "valibot";
import { absent, declare, itDecides } from "./declare.ts";
import { name } from "./forms.ts";
import { boolean, choice, structure } from "./kinds.ts";

export const contentDetectors = ["payment-card", "iban", "ca-sin", "us-ssn", "everything"] as const;

/**
 * A rule finds by exactly one of a pattern (RE2 syntax), words, or a detector. `ignoreCase` is for patterns; words are
 * found whatever their case and accents. `message` is shown to the person instead of the standard sentence.
 */
const ContentRuleSchema = v.pipe(
  v.strictObject({
    name,
    pattern: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(2000))),
    keywords: v.optional(
      v.pipe(v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(200))), v.minLength(1), v.maxLength(10_000)),
    ),
    detector: v.optional(v.picklist(contentDetectors)),
    ignoreCase: v.optional(v.boolean(), false),
    action: v.picklist(["audit", "warn", "redact", "block"]),
    direction: v.optional(v.picklist(["both", "in", "out"]), "both"),
    audience: v.optional(v.picklist(["all", "internal", "external"]), "all"),
    message: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(500))),
  }),
  v.check(
    ({ pattern, keywords, detector }) => [pattern, keywords, detector].filter((one) => one !== undefined).length === 1,
    "one-finder",
  ),
);
export type ContentRule = v.InferOutput<typeof ContentRuleSchema>;

export const content = {
  /**
   * Rules about what messages and files may hold, in both directions. Rules that cannot be read let nothing through.
   */
  ContentRules: declare({
    ...structure(v.pipe(v.array(ContentRuleSchema), v.maxLength(1000), v.readonly())),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/content.test.ts: rules block, ask, take out and write down, in both directions, from every source of messages",
    group: "content",
    default: [],
    restricted: [
      {
        name: "ContentRules",
        detector: "everything",
        ignoreCase: false,
        action: "block",
        direction: "both",
        audience: "all",
      },
    ],
    example: [
      {
        name: "Payment cards",
        detector: "payment-card",
        ignoreCase: false,
        action: "block",
        direction: "out",
        audience: "external",
      },
      {
        name: "Project names",
        keywords: ["Bluebird", "Kestrel"],
        ignoreCase: true,
        action: "warn",
        direction: "out",
        audience: "external",
      },
      {
        name: "Ticket numbers",
        pattern: "\\bINC-[0-9]{6}\\b",
        ignoreCase: true,
        action: "audit",
        direction: "both",
        audience: "all",
      },
    ],
  }),
  /** Treatment of a message that the rules could not be applied to. */
  ContentFailureMode: declare({
    ...choice(["allow", "block"]),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/content.test.ts: what rules cannot be applied to is blocked, or passes where policy says so",
    group: "content",
    default: "block",
    restricted: "block",
    example: "block",
  }),
  /** `warn`: asks before it opens one; `text`: not a link at all; `block`: the message is not shown with it. */
  LinkMode: declare({
    ...choice(["open", "warn", "text", "block"]),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/content.test.ts: links open, are asked about, cannot be opened, or are neither sent nor shown",
    default: "open",
    restricted: "block",
    example: "warn",
  }),
  /** May text be copied out of conversations? */
  ClipboardEnabled: declare({
    ...boolean(),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/window.test.ts: neither text nor picture gets out of the window while policy forbids it, from the start and live",
    default: true,
    restricted: false,
    example: false,
  }),
  ScreenCaptureEnabled: declare({
    ...boolean(),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/window.test.ts: neither text nor picture gets out of the window while policy forbids it, from the start and live",
    default: true,
    restricted: false,
    example: false,
  }),
  RichTextEnabled: declare({ ...boolean(), ...itDecides, ...absent, default: true, restricted: false, example: false }),
} as const;

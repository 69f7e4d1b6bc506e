import { declare, itDecides, personOrPolicy } from "./declare.ts";
import { boolean, choice, integer } from "./kinds.ts";

export const strangers = {
  /** Treatment of the first message of somebody who is no contact. */
  StrangerMode: declare({
    ...choice(["open", "requests", "contacts-only"]),
    ...personOrPolicy,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/strangers.test.ts: a stranger is refused unseen, asked about, or shown, as policy says",
    tighten: true,
    default: "requests",
    restricted: "contacts-only",
    example: "contacts-only",
  }),
  /** How much of it is seen before it is accepted. */
  StrangerContentMode: declare({
    ...choice(["full", "text", "hidden"]),
    ...personOrPolicy,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/strangers.test.ts: what a stranger said is shown before it is accepted as far as policy says, and hidden does not reach the window",
    tighten: true,
    default: "text",
    restricted: "hidden",
    example: "hidden",
  }),
  /** People one had not written to before, in one hour. */
  OutboundBurstLimit: declare({
    ...integer(0, 10_000),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/strangers.test.ts: no more new people than allowed are written to within an hour, also after a restart",
    default: 100,
    restricted: 0,
    example: 20,
  }),
  /** Answers to strangers do not tell whether an address exists or who is on line. */
  HarvestDefenseEnabled: declare({
    ...boolean(),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/strangers.test.ts: strangers who come by the dozen are one line, and with the defence off each is asked about",
    default: true,
    restricted: true,
    example: true,
  }),
  LookAlikeWarningsEnabled: declare({
    ...boolean(),
    ...personOrPolicy,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/look-alikes.test.ts: somebody who looks like a contact or a colleague is warned of, and the person cannot turn that off where policy asks for it",
    tighten: true,
    default: true,
    restricted: true,
    example: true,
  }),
} as const;

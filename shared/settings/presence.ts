import { declare, personOrPolicy } from "./declare.ts";
import { boolean, choice } from "./kinds.ts";

export const presence = {
  /** People who see whether one is there. */
  PresenceSharing: declare({
    ...choice(["contacts", "groups", "nobody"]),
    ...personOrPolicy,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/presence-sharing.test.ts: whoever may not see us is shut out before we are there, and a server that cannot do that is left",
    tighten: true,
    default: "contacts",
    restricted: "nobody",
    example: "groups",
  }),
  IdleSharingEnabled: declare({
    ...boolean(),
    ...personOrPolicy,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/presence.test.ts: nobody learns for how long the person has been idle while policy forbids it; Away is told",
    tighten: true,
    default: true,
    restricted: false,
    example: false,
  }),
  /** Delivered and read. */
  ReceiptsEnabled: declare({
    ...boolean(),
    ...personOrPolicy,
    tighten: true,
    default: true,
    restricted: false,
    since: "0.1",
    example: false,
    status: "enforced",
    test: "main/enforcement/presence.test.ts: receipts are neither sent for what came nor for what was read while policy forbids them",
  }),
  TypingNotificationsEnabled: declare({
    ...boolean(),
    ...personOrPolicy,
    tighten: true,
    default: true,
    restricted: false,
    since: "0.1",
    example: false,
    status: "enforced",
    test: "main/enforcement/presence.test.ts: nobody is told of typing while policy forbids it",
  }),
} as const;

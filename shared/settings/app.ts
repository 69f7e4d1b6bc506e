import * as v from "valibot";
import { declare } from "./declare.ts";

export const app = {
  /** Name shown in "Managed by". */
  OrganizationName: declare({
    schema: v.pipe(v.string(), v.maxLength(200)),
    default: "",
    restricted: "",
    policy: "mandatory-only",
    user: false,
    since: "0.1",
    example: "Example Bank",
  }),
  /** Whom to ask about a locked setting: an address, a telephone number or a page. */
  SupportContact: declare({
    schema: v.pipe(v.string(), v.maxLength(500)),
    default: "",
    restricted: "",
    policy: "mandatory-only",
    user: false,
    since: "0.1",
    example: "helpdesk@example.com",
  }),
  Theme: declare({
    schema: v.picklist(["system", "light", "dark"]),
    default: "system",
    restricted: "system",
    policy: "none",
    user: true,
    since: "0.1",
    example: "dark",
  }),
  Language: declare({
    schema: v.picklist(["system", "en", "fr"]),
    default: "system",
    restricted: "system",
    policy: "none",
    user: true,
    since: "0.1",
    example: "fr",
  }),
  ShowOffline: declare({ schema: v.boolean(), default: true, restricted: true, policy: "none", user: true, since: "0.1", example: false }),
  NotificationsEnabled: declare({ schema: v.boolean(), default: true, restricted: false, policy: "none", user: true, since: "0.1", example: true }),
  NotificationPreviewEnabled: declare({ schema: v.boolean(), default: true, restricted: false, policy: "none", user: true, since: "0.1", example: false }),
  SendReceipts: declare({ schema: v.boolean(), default: true, restricted: false, policy: "none", user: true, since: "0.1", example: true }),
  SendTyping: declare({ schema: v.boolean(), default: true, restricted: false, policy: "none", user: true, since: "0.1", example: true }),
} as const;

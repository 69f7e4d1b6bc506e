import * as v from "valibot";
import { ErrorInfoSchema } from "../errors.ts";
import { ExportStateSchema } from "./export.ts";
import { OwnPresenceSchema } from "./presence.ts";

/**
 * How a locked Hallway is unlocked: `sign-in` asks for address and password, for no password is known on this computer.
 */
export const LockedBySchema = v.picklist(["passphrase", "password", "sign-in"]);
export type LockedBy = v.InferOutput<typeof LockedBySchema>;

/**
 * The one record of table `app` (id `app`).
 * vault: `ready`; `new` = no secret store on this machine, a passphrase must be made; `locked` = it must be typed;
 * `changing` = everything on disk gets another key;
 * `failed` = the store could not be opened at all (`vaultError` says why).
 */
export const AppRecordSchema = v.object({
  id: v.literal("app"),
  version: v.string(),
  platform: v.picklist(["linux", "darwin", "win32"]),
  host: v.picklist(["electron", "chromium"]),
  /** BCP 47 tag the window starts in. */
  locale: v.string(),
  vault: v.picklist(["opening", "new", "locked", "changing", "ready", "failed"]),
  /** In state `changing`: how far it is, 0 to 1. */
  vaultProgress: v.optional(v.number()),
  /** Absent until `ready`. */
  vaultKind: v.optional(v.picklist(["secret-store", "passphrase"])),
  vaultError: v.optional(ErrorInfoSchema),
  /** Why there is a passphrase instead of the system's secret store. */
  vaultReason: v.optional(v.picklist(["no-secret-store", "secret-store-locked"])),
  /** Hallway is locked: nothing is shown and nothing is answered until the person shows who they are. Absent: open. */
  lockedBy: v.optional(LockedBySchema),
  /** Own presence for all accounts. */
  presence: OwnPresenceSchema,
  /** How often the policy, or what is wrong with it, has changed since Hallway was started. Absent: never. */
  policy: v.optional(v.number()),
  /**
   * Accounts that the organization set up (setting ProvisionedAccounts) and that cannot be made here, and why. Absent:
   * none.
   */
  incomplete: v.optional(v.array(ErrorInfoSchema)),
  /** The organization's notice (setting ComplianceNotice) has to be accepted before anything signs in. */
  noticePending: v.optional(v.boolean()),
  /** The export that is being made, or how the last one ended. Absent: none since Hallway was started. */
  export: v.optional(ExportStateSchema),
  /** Conversations that are open and of which the organization keeps a copy (setting ArchiveScope). */
  archived: v.optional(v.array(v.string())),
  /** Conversations that are open and of which nothing may be kept (setting HistoryScope), whatever HistoryMode says. */
  unkept: v.optional(v.array(v.string())),
  /**
   * Messages of archived conversations cannot be sent now (setting ArchiveRequired), and why. They wait and go out by
   * themselves.
   */
  archiveBlocked: v.optional(ErrorInfoSchema),
  /** Something that the person should know and that is not an account's (e.g. `storage-full`). */
  notice: v.optional(ErrorInfoSchema),
});
export type AppRecord = v.InferOutput<typeof AppRecordSchema>;

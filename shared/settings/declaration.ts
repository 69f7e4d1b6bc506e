import * as v from "valibot";
import { ErrorInfoSchema } from "../errors.ts";
import { accounts } from "./accounts.ts";
import { app } from "./app.ts";
import { archive } from "./archive.ts";
import { content } from "./content.ts";
import { encryption } from "./encryption.ts";
import { files } from "./files.ts";
import { history } from "./history.ts";
import { network } from "./network.ts";
import { presence } from "./presence.ts";
import { strangers } from "./strangers.ts";

/** The groups, in the order in which they are shown; `settingGroup.<name>` is the word for each. */
export const settingGroups = {
  history,
  archive,
  encryption,
  network,
  accounts,
  files,
  content,
  strangers,
  presence,
  app,
} as const;

/**
 * Every setting, declared once, one file per group beside this one. See docs/policies.md for the reference made from
 * it.
 */
export const settings = {
  ...history,
  ...archive,
  ...encryption,
  ...network,
  ...accounts,
  ...files,
  ...content,
  ...strangers,
  ...presence,
  ...app,
} as const;

export type SettingKey = keyof typeof settings;
export type SettingValue<K extends SettingKey> = v.InferOutput<(typeof settings)[K]["schema"]>;
export const settingKeys = Object.keys(settings) as SettingKey[];
export const SettingKeySchema = v.picklist(settingKeys);

/** Where an effective value came from. */
export const settingOrigins = ["policy", "user", "recommended", "default"] as const;

/** Record of a setting that the renderer draws (id = key). */
export const SettingRecordSchema = v.object({
  id: v.string(),
  value: v.unknown(),
  origin: v.picklist(settingOrigins),
  /** True: the person cannot change it. */
  locked: v.boolean(),
  /** The organization that manages it (the policy's `OrganizationName`, else absent). */
  managedBy: v.optional(v.string()),
  /** File or registry path the value came from, for the policy page. */
  source: v.optional(v.string()),
  /** A policy value that could not be used; the restricted value is in force. */
  error: v.optional(ErrorInfoSchema),
});
export type SettingRecord = v.InferOutput<typeof SettingRecordSchema>;

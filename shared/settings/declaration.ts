import * as v from "valibot";
import { ErrorInfoSchema } from "../errors.ts";
import { app } from "./app.ts";
import { history } from "./history.ts";

/** Every setting, declared once, one file per group beside this one. See docs/policies.md for the reference made from it. */
export const settings = { ...history, ...app } as const;

export type SettingKey = keyof typeof settings;
export type SettingValue<K extends SettingKey> = v.InferOutput<(typeof settings)[K]["schema"]>;
export const settingKeys = Object.keys(settings) as SettingKey[];
export const SettingKeySchema = v.picklist(settingKeys);

/** Where an effective value came from. */
export const settingOrigins = ["policy", "user", "recommended", "default"] as const;

/** What the renderer draws of a setting (id = key). */
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

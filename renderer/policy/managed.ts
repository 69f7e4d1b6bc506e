import * as v from "valibot";
import { SettingKeySchema, type SettingRecord, settings } from "../../shared/settings/declaration.ts";
import type { Replica } from "../state/replica.ts";
import { settingValue } from "../state/setting.ts";

/** Organization that manages a setting and whom to ask, when a policy decides it. */
export interface Management {
  readonly organization: string | undefined;
  readonly contact: string | undefined;
}

export function managementOf(
  replica: Pick<Replica, "settings">,
  record: SettingRecord | undefined,
): Management | undefined {
  if (record === undefined || !record.locked) return undefined;
  // Locked without a value of its own: LockedPreferences says so.
  const frozen = v.is(SettingKeySchema, record.id) && settings[record.id].user;
  if (record.origin !== "policy" && !frozen) return undefined;
  const contact = settingValue(replica, "SupportContact");
  const organization = record.managedBy ?? settingValue(replica, "OrganizationName");
  return {
    organization: organization === "" ? undefined : organization,
    contact: contact === "" ? undefined : contact,
  };
}

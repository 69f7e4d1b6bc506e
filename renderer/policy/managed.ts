import type { SettingRecord } from "../../shared/settings/declaration.ts";
import type { Replica } from "../state/replica.ts";
import { settingValue } from "../state/setting.ts";

/** Who manages a setting and whom to ask, when a policy decides it. */
export interface Management {
  readonly organization: string | undefined;
  readonly contact: string | undefined;
}

export function managementOf(replica: Pick<Replica, "settings">, record: SettingRecord | undefined): Management | undefined {
  if (record === undefined || !record.locked || record.origin !== "policy") return undefined;
  const contact = settingValue(replica, "SupportContact");
  return { organization: record.managedBy, contact: contact === "" ? undefined : contact };
}

import type { ErrorInfo } from "../../shared/errors.ts";
import { type SettingValue, settings } from "../../shared/settings/declaration.ts";
import type { Consequence } from "../settings/consequences/consequence.ts";
import { consequencesOf } from "../settings/consequences/consequences.ts";
import { fillProvisioned, type SystemPerson } from "../settings/provisioning.ts";
import { readReport } from "../settings/report.ts";

/** The policy of this machine, and everything that is wrong with it. */
export interface MachineReport extends Awaited<ReturnType<typeof readReport>> {
  readonly consequences: readonly Consequence[];
  /** Accounts that policy sets up and that cannot be made for this person. */
  readonly incomplete: readonly ErrorInfo[];
  /** 1: something is wrong, as `check` would say of the same files. */
  readonly status: 0 | 1;
}

export async function readMachine(
  source: Parameters<typeof readReport>[0],
  person: SystemPerson,
): Promise<MachineReport> {
  const report = await readReport(source, settings);
  const consequences = consequencesOf(report.resolved, Date.now());
  // It has passed its schema, or is the declared default or restricted value.
  const accounts = report.resolved.get("ProvisionedAccounts")?.value as SettingValue<"ProvisionedAccounts">;
  const incomplete = fillProvisioned(accounts, person).problems;
  return withStatus({ ...report, consequences, incomplete });
}

export function withStatus(report: Omit<MachineReport, "status">): MachineReport {
  const isWell =
    report.complete &&
    report.problems.length === 0 &&
    report.incomplete.length === 0 &&
    report.settings.every(({ error }) => !error) &&
    report.consequences.every(({ severity }) => severity !== "error");
  return { ...report, status: isWell ? 0 : 1 };
}

import { type ErrorInfo, toErrorInfo } from "../../shared/errors.ts";
import type { GovernedDesktop } from "../enforcement/desktop.ts";
import type { ContentGuard } from "../guard/pipeline.ts";
import type { Log } from "../networks/log.ts";
import { retentionSettings } from "../record/retention/retention-policy.ts";
import type { Policies } from "../settings/policies.ts";
import type { AppSettings } from "../settings/settings.ts";
import type { AppStatus } from "../store/app-status.ts";
import type { AccessRules } from "./access-rules.ts";
import type { UnlockedParts } from "./opening.ts";

/** Applies the settings to running parts as they change. */
export interface PolicyApplier {
  /** Policy has changed, or the notice was accepted: everything that stands has to applyPolicy. */
  applyPolicy(): void;
  /** Follows every change from now. Returns a disposer. */
  watch(): () => void;
}

export function createPolicyApplier(parts: {
  readonly settings: AppSettings;
  readonly policies: Policies;
  readonly unlocked: Readonly<UnlockedParts>;
  readonly accessRules: Pick<AccessRules, "provisioned">;
  readonly guard: Pick<ContentGuard, "changed">;
  readonly desktop: GovernedDesktop;
  readonly appStatus: AppStatus;
  readonly onTrouble: (error: ErrorInfo) => void;
  readonly log: Log;
}): PolicyApplier {
  const { settings, policies, unlocked, guard, desktop, appStatus, log } = parts;

  /** Logs a change that cannot be applied now. */
  function tell(work: Promise<unknown> | undefined): void {
    void work?.catch((error: unknown) => parts.onTrouble(toErrorInfo(error)));
  }

  /** Sets up the accounts of policy in the workspace that is open by then. */
  async function provision(): Promise<void> {
    const provisioning = await parts.accessRules.provisioned();
    await unlocked.workspace?.accounts.provision(provisioning);
  }

  function applyPolicy(): void {
    appStatus.notices({ pending: unlocked.record?.notice.pending ?? false });
    for (const network of unlocked.networks?.values() ?? []) network.applyPolicy();
    unlocked.workspace?.exports.applyPolicy();
    tell(unlocked.workspace?.accounts.applyPolicy());
    if (unlocked.workspace) tell(provision());
  }

  return {
    applyPolicy,
    watch() {
      const disposers = [
        settings.onChange(undefined, (keys) => appStatus.settings(settings.records(keys))),
        settings.onChange(["ContentRules", "AllowedDomains"], () => guard.changed()),
        settings.onChange(["PresenceSharing"], applyPolicy),
        settings.onChange(["AuditHashChainEnabled", "AuditEvents"], () => {
          unlocked.record?.audit.applyPolicy();
          tell(unlocked.record?.lookAtPolicy());
        }),
        settings.onChange(["IdleSharingEnabled", "Language"], () => unlocked.workspace?.accounts.announce()),
        settings.onChange(["StrangerContentMode"], () => unlocked.workspace?.showStrangers()),
        settings.onChange(retentionSettings, () => tell(unlocked.workspace?.retention.applyPolicy())),
        settings.onChange(["ClipboardEnabled", "ScreenCaptureEnabled"], desktop.restrict),
        settings.onChange(["StartAtLogin"], desktop.startAtLogin),
        settings.onChange(["HistoryMode", "HistoryScope", "AllowedDomains"], () =>
          tell(unlocked.workspace?.setHistoryMode(settings.get("HistoryMode"))),
        ),
        policies.onChange(() => {
          for (const problem of policies.problems) log.warn("Policy problem", { ...problem });
          tell(unlocked.record?.lookAtPolicy());
          appStatus.policyChanged();
          applyPolicy();
        }),
      ];
      return () => {
        for (const dispose of disposers) dispose();
      };
    },
  };
}

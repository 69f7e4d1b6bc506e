import { type ErrorInfo, toErrorInfo } from "../../shared/errors.ts";
import type { GovernedDesktop } from "../enforcement/desktop.ts";
import type { ContentGuard } from "../guard/pipeline.ts";
import type { Log } from "../networks/log.ts";
import { keepingSettings } from "../record/retention/keeping-policy.ts";
import type { Policies } from "../settings/policies.ts";
import type { AppSettings } from "../settings/settings.ts";
import type { AppFacts } from "../store/app-facts.ts";
import type { Gates } from "./gates.ts";
import type { Behind } from "./opening.ts";

/** What stands obeys the settings as they change. */
export interface Obedience {
  /** Policy has changed, or the notice was accepted: everything that stands has to obey. */
  obey(): void;
  /** Follows every change from now. Returns a disposer. */
  watch(): () => void;
}

export function createObedience(parts: {
  readonly settings: AppSettings;
  readonly policies: Policies;
  readonly behind: Readonly<Behind>;
  readonly gates: Pick<Gates, "provisioned">;
  readonly guard: Pick<ContentGuard, "changed">;
  readonly desktop: GovernedDesktop;
  readonly facts: AppFacts;
  readonly onTrouble: (error: ErrorInfo) => void;
  readonly log: Log;
}): Obedience {
  const { settings, policies, behind, guard, desktop, facts, log } = parts;

  /** What cannot be obeyed now is told. */
  function tell(work: Promise<unknown> | undefined): void {
    void work?.catch((error: unknown) => parts.onTrouble(toErrorInfo(error)));
  }

  function obey(): void {
    facts.notices({ pending: behind.record?.notice.pending ?? false });
    for (const network of behind.networks?.values() ?? []) network.obey();
    behind.workspace?.exports.obey();
    const accounts = behind.workspace?.accounts;
    tell(accounts?.obey());
    tell(accounts?.provision(parts.gates.provisioned()));
  }

  return {
    obey,
    watch() {
      const disposers = [
        settings.onChange(undefined, (keys) => facts.settings(settings.records(keys))),
        settings.onChange(["ContentRules", "AllowedDomains"], () => guard.changed()),
        settings.onChange(["PresenceSharing"], obey),
        settings.onChange(["AuditHashChainEnabled", "AuditEvents"], () => {
          behind.record?.audit.obey();
          tell(behind.record?.lookAtPolicy());
        }),
        settings.onChange(["IdleSharingEnabled", "Language"], () => behind.workspace?.accounts.announce()),
        settings.onChange(["StrangerContentMode"], () => behind.workspace?.showStrangers()),
        settings.onChange(keepingSettings, () => tell(behind.workspace?.keeper.obey())),
        settings.onChange(["ClipboardEnabled", "ScreenCaptureEnabled"], desktop.restrict),
        settings.onChange(["StartAtLogin"], desktop.startAtLogin),
        settings.onChange(["HistoryMode", "HistoryScope", "AllowedDomains"], () =>
          tell(behind.workspace?.setHistoryMode(settings.get("HistoryMode"))),
        ),
        policies.onChange(() => {
          for (const problem of policies.problems) log.warn("Policy problem", { ...problem });
          tell(behind.record?.lookAtPolicy());
          facts.policyChanged();
          obey();
        }),
      ];
      return () => {
        for (const dispose of disposers) dispose();
      };
    },
  };
}

import type { ErrorInfo } from "../../shared/errors.ts";
import { domainOf } from "../../shared/model/address.ts";
import type { SettingKey } from "../../shared/settings/declaration.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import { createSilence } from "../enforcement/end-to-end.ts";
import { createFederation } from "../enforcement/federation.ts";
import { Gateways } from "../enforcement/gateways.ts";
import type { TrafficRules } from "../enforcement/governor.ts";
import type { Notice } from "../enforcement/notice.ts";
import { type AccountRules, blocked, createAccountRules } from "../enforcement/rules.ts";
import type { Log } from "../networks/log.ts";
import type { Policies } from "../settings/policies.ts";
import { fillProvisioned, type Provisioning, type SystemPerson, systemPerson } from "../settings/provisioning.ts";
import type { Tables } from "../store/tables.ts";

/** Rules of the settings about accounts and the people they talk with, each asked at one place. */
export interface AccessRules {
  /** Before an account connects, while it does, and of every connection that stands. */
  readonly rules: AccountRules;
  /** Of everything that goes through a connection. */
  readonly traffic: Omit<TrafficRules, "blocklist">;
  /** The accounts that policy sets up, for this person; those that cannot be made are told to the person. */
  readonly provisioned: () => Promise<Provisioning>;
}

interface AccessRulesParts {
  readonly get: ReadSetting;
  /** Whether what policy says of a setting can be used. */
  readonly isUsable: (key: SettingKey) => boolean;
  readonly policies: Pick<Policies, "connectionsAllowed">;
  /** Undefined: not known yet, which is not accepted. */
  readonly notice: () => Notice | undefined;
  /** The kept accounts: their domains are inside. */
  readonly tables: Tables;
  /** Asks who the person is; by their sign-in to the system when absent. */
  readonly person: (() => Promise<SystemPerson>) | undefined;
  /** Told of the accounts that policy sets up and that cannot be made here; none: all can. */
  readonly onIncomplete: (problems: readonly ErrorInfo[]) => void;
  readonly log: Log;
}

export function createAccessRules(parts: AccessRulesParts): AccessRules {
  const { get, policies, notice, tables } = parts;
  const gateways = new Gateways(get);
  const provisioned = new ProvisionedAccounts(parts);
  const federation = createFederation(get, () => [...tables.all("accounts")].map(({ address }) => domainOf(address)));
  return {
    rules: createAccountRules(get, () => {
      if (!policies.connectionsAllowed) return blocked("PolicyRequired");
      return notice()?.pending === false ? undefined : blocked("ComplianceNotice");
    }),
    traffic: {
      talk: (address, own) => gateways.refusal(address) ?? federation(address, own),
      learnGateway: (domain) => gateways.learn(domain),
      silenced: createSilence(get),
      // Away is told in any case; for how long the person has been idle only where that is wanted.
      shown: ({ idleSince, ...presence }) =>
        idleSince === undefined || !get("IdleSharingEnabled") ? presence : { ...presence, idleSince },
    },
    provisioned: () => provisioned.read(),
  };
}

/** Accounts that policy sets up. The person is asked about once, and only where there is such an account. */
class ProvisionedAccounts {
  readonly #parts: AccessRulesParts;
  #asked: Promise<SystemPerson> | undefined;

  constructor(parts: AccessRulesParts) {
    this.#parts = parts;
  }

  async read(): Promise<Provisioning> {
    const { get, isUsable, onIncomplete, log } = this.#parts;
    // A directory may be far away: who has no such account does not wait for it.
    if (get("ProvisionedAccounts").length > 0) this.#asked ??= this.#parts.person?.();
    const person = (await this.#asked) ?? systemPerson();
    const provisioning = fillProvisioned(get("ProvisionedAccounts"), person);
    for (const problem of provisioning.problems) log.warn("A provisioned account cannot be made", { ...problem });
    onIncomplete(provisioning.problems);
    return { ...provisioning, isKnown: isUsable("ProvisionedAccounts") };
  }
}

import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { AccountConfig } from "../../shared/model/account.ts";
import type { Provisioning } from "../settings/provisioning.ts";
import type { LiveAccount } from "./live-account.ts";

/**
 * Makes the accounts those that policy sets up; what was one and is not wanted any more becomes the person's own,
 * turned off. One of which the policy says something that cannot be made out stays as it is, and so do all where its
 * list cannot be used.
 */
export async function provisionAccounts(
  { isKnown, accounts: wanted, problems }: Provisioning,
  parts: {
    /** All, as they are at each moment. */
    readonly accounts: () => readonly LiveAccount[];
    readonly keep: (config: AccountConfig) => Promise<void>;
    readonly put: (config: AccountConfig) => LiveAccount;
    readonly remake: (account: LiveAccount, config: AccountConfig) => Promise<void>;
  },
): Promise<void> {
  const { accounts, keep, put, remake } = parts;
  for (const found of accounts()) {
    const { provisioned, ...rest } = found.config;
    if (provisioned === undefined || !isKnown) continue;
    if (problems.some(({ params }) => params?.["name"] === provisioned)) continue;
    if (
      wanted.some(
        ({ name, protocol, address }) => name === provisioned && protocol === rest.protocol && address === rest.address,
      )
    )
      continue;
    // Nothing is deleted because a policy goes: what was said stays, and the person may remove the account now.
    const released: AccountConfig = { ...rest, enabled: false };
    await keep(released);
    await found.session.stop();
    found.config = released;
    found.publish();
  }
  for (const { name, protocol, address, label, server } of wanted) {
    const found = accounts().find(({ config }) => config.protocol === protocol && config.address === address);
    const { id, deviceId } = found?.config ?? { id: randomUUID(), deviceId: randomUUID() };
    const config: AccountConfig = {
      id,
      protocol,
      address,
      ...(label === undefined ? {} : { label }),
      enabled: true,
      server,
      provisioned: name,
      deviceId,
    };
    if (found && isDeepStrictEqual(found.config, config)) continue;
    await keep(config);
    if (found) await remake(found, config);
    else put(config).audit.added();
  }
}

import type { AccountRecord } from "../../shared/model/account.ts";
import type { NetworkDescription } from "../../shared/model/network.ts";

/** The accounts that something can be done from, those that are connected first. */
export function usableAccounts(accounts: readonly AccountRecord[]): readonly AccountRecord[] {
  const enabled = accounts.filter((account) => account.enabled);
  return [...enabled.filter(({ state }) => state === "online"), ...enabled.filter(({ state }) => state !== "online")];
}

/**
 * The accounts from which what was typed can be written to, when it looks like an address: `name@domain`, with or
 * without a scheme that names its network, a server behind a scheme, or a telephone (`tel:`). Those of the address's
 * own domain come first.
 */
export function accountsFor(
  text: string,
  accounts: readonly AccountRecord[],
  networks: readonly NetworkDescription[],
): readonly AccountRecord[] {
  const [, scheme, domain] =
    /^(?:(xmpp|sips?|im):)?[^\s@:]+@([^\s@]+)$/i.exec(text.trim()) ??
    /^(?:(xmpp|sips?):)([^\s@]+)$/i.exec(text.trim()) ??
    /^(tel):(\+?\d.*)$/is.exec(text.trim()) ??
    [];
  if (domain === undefined) return [];
  const protocol = networks.find(({ schemes }) => schemes.some((one) => one === scheme?.toLowerCase()))?.id;
  const usable = usableAccounts(accounts).filter((account) => protocol === undefined || account.protocol === protocol);
  const own = (account: AccountRecord): boolean => account.address.endsWith(`@${domain.toLowerCase()}`);
  return [...usable.filter(own), ...usable.filter((account) => !own(account))];
}

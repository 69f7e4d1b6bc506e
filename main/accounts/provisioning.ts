import { userInfo } from "node:os";
import type { ErrorInfo } from "../../shared/errors.ts";
import { toErrorInfo } from "../../shared/errors.ts";
import type { AccountConfig } from "../../shared/model/account.ts";
import type { SettingValue } from "../../shared/settings/declaration.ts";
import { parseAddress } from "../addressing/parse-address.ts";

/** Who is signed in to the system: what fills the gaps of policy ProvisionedAccounts. */
export interface SystemPerson {
  readonly user: string;
  /** Undefined: the system does not know it. */
  readonly email: string | undefined;
}

/** What policy says of one account, with its gaps filled. */
export type ProvisionedAccount = Pick<AccountConfig, "protocol" | "address" | "label" | "server"> & { readonly name: string };

/**
 * The person as the system has them. A name such as `CORP\alice` or `alice@corp.example` is taken apart; the mail address is
 * known only where the system's name is one.
 */
export function systemPerson(name: string = userInfo().username): SystemPerson {
  const whole = name.slice(name.lastIndexOf("\\") + 1);
  const at = whole.indexOf("@");
  return at > 0 ? { user: whole.slice(0, at), email: whole } : { user: whole, email: undefined };
}

/** Fills the gaps. An account that cannot be made from them is left out, with what is wrong in `problems`. */
export function fillProvisioned(
  list: SettingValue<"ProvisionedAccounts">,
  person: SystemPerson,
): { readonly accounts: readonly ProvisionedAccount[]; readonly problems: readonly ErrorInfo[] } {
  const accounts: ProvisionedAccount[] = [];
  const problems: ErrorInfo[] = [];
  for (const [index, { name, protocol, address, label, server }] of list.entries()) {
    try {
      const filled = parseAddress(fill(address, person), protocol);
      accounts.push({ name, protocol, address: filled.address, ...(label === undefined ? {} : { label }), server: server ?? {} });
    } catch (error) {
      problems.push({
        code: "policy-invalid",
        params: { setting: "ProvisionedAccounts", path: `ProvisionedAccounts[${index}].address`, reason: toErrorInfo(error).code },
      });
    }
  }
  return { accounts, problems };
}

/** A gap that nothing is known for stays, and makes the address one that cannot be used. */
function fill(text: string, { user, email }: SystemPerson): string {
  return text.replace(/\$\{(user|email)\}/g, (gap, name: string) => (name === "user" ? user : (email ?? gap)));
}

import { userInfo } from "node:os";
import { type ErrorInfo, HallwayError } from "../../shared/errors.ts";
import type { AccountConfig } from "../../shared/model/account.ts";
import { isPersonal } from "../../shared/model/address.ts";
import type { SettingValue } from "../../shared/settings/declaration.ts";
import { parseAddress } from "../addressing/parse-address.ts";

/** Person signed in to the system, whose details fill the gaps of policy ProvisionedAccounts. */
export interface SystemPerson {
  readonly user: string;
  /** Undefined: the system does not know it. */
  readonly email: string | undefined;
}

/** An account as policy has it, with its gaps. */
type AccountTemplate = SettingValue<"ProvisionedAccounts">[number];

/** Policy for one account, with its gaps filled. */
export type ProvisionedAccount = Pick<AccountConfig, "protocol" | "address" | "label" | "server"> & {
  readonly name: string;
};

/** The accounts that policy sets up for this person, and why others cannot be. */
export interface Provisioning {
  /**
   * False: nobody knows which accounts those are, for the list cannot be used; those that are there stay as they are.
   */
  readonly isKnown: boolean;
  readonly accounts: readonly ProvisionedAccount[];
  readonly problems: readonly ErrorInfo[];
}

/** Gaps of an account that can be filled, in the order in which IT is told of them. */
export const knownGaps: readonly string[] = ["${user}", "${email}"];

/**
 * Everything that looks like a gap in one of the usual ways of writing one: `${user}`, `%USERNAME%`, `%name:~0,8%`,
 * `$USERNAME`, `$Email$`, `$(user)`, `%(user)s`, `{{user}}`, `{0}`, `<user>`, `[user]`, and before the domain `%u`,
 * `$uid`, `$env:USERNAME`, `!USERNAME!`, `#user#`. Only those of knownGaps are filled.
 */
const gap = new RegExp(
  [
    /\$\{[^}]*\}?/,
    /%[A-Za-z_][^%\s@]*%/,
    /\$(?:[A-Z]\w{2,}|(?:user|username|email|mail|login)\b)\$?(?!:)/,
    /[$%]\([^)]*\)s?/,
    /<\w[\w.-]*>/,
    /\[\w[\w.-]*\]/,
    /\{\{?\w[\w.:-]*\}?\}/,
    /`[^`]*`/,
    /%[A-Za-z](?=@)|(?<=@)[%$]\w+/,
    /(?<![^\s])(?:%\w{1,3}|\$[\w.:-]+\$?|!\w+!|#\w+#)(?=@)/,
  ]
    .map(({ source }) => source)
    .join("|"),
  "g",
);

/**
 * The person by their sign-in to the system. A name such as `CORP\alice` or `alice@corp.example` is taken apart; the
 * mail address is known only where it is one (system-person.ts asks the directory).
 */
export function systemPerson(name: string = userInfo().username): SystemPerson {
  const whole = name.slice(name.lastIndexOf("\\") + 1);
  const at = whole.indexOf("@");
  return at > 0 ? { user: whole.slice(0, at), email: whole } : { user: whole, email: undefined };
}

/** The gaps of an account that nothing fills, on any computer. */
export function unknownGaps(account: AccountTemplate): readonly string[] {
  return gapsOf(account).filter((found) => !knownGaps.includes(found));
}

/**
 * Fills the gaps. An account that cannot be made from them is left out of `accounts`; `problems` says why, and which,
 * so that the person and IT are told. Errors in it: `account-incomplete` with `account`, and with `gap` where it is not
 * known what that stands for.
 */
export function fillProvisioned(list: SettingValue<"ProvisionedAccounts">, person: SystemPerson): Provisioning {
  const accounts: ProvisionedAccount[] = [];
  const problems: ErrorInfo[] = [];
  for (const [index, account] of list.entries()) {
    const { name, protocol, address, label, server = {} } = account;
    const about = {
      setting: "ProvisionedAccounts",
      path: `ProvisionedAccounts[${index}]`,
      account: label ?? address,
      name,
    };
    const missing = gapsOf(account).find((found) => valueOf(found, person) === undefined);
    if (missing !== undefined) {
      problems.push({ code: "account-incomplete", params: { ...about, gap: missing } });
      continue;
    }
    try {
      const filled = parseAddress(fill(address, person), protocol).address;
      if (!isPersonal(filled)) throw new HallwayError("invalid-address");
      accounts.push({
        name,
        protocol,
        address: filled,
        ...(label === undefined ? {} : { label: fill(label, person) }),
        server: fillServer(server, person),
      });
    } catch {
      problems.push({ code: "account-incomplete", params: { ...about, account: fill(address, person) } });
    }
  }
  return { isKnown: true, accounts, problems };
}

/** Undefined: nothing is known for it here. An empty name is none. */
function valueOf(found: string, { user, email }: SystemPerson): string | undefined {
  return (found === "${user}" ? user : found === "${email}" ? email : undefined) || undefined;
}

/** Once each. */
function gapsOf({
  address,
  label = "",
  server: { authUser = "", xcapRoot = "" } = {},
}: AccountTemplate): readonly string[] {
  return [...new Set([address, label, authUser, xcapRoot].flatMap((text) => text.match(gap) ?? []))];
}

function fill(text: string, person: SystemPerson): string {
  return text.replace(gap, (found) => valueOf(found, person) ?? found);
}

function fillServer(server: NonNullable<AccountTemplate["server"]>, person: SystemPerson): AccountConfig["server"] {
  const { authUser, xcapRoot, ...rest } = server;
  return {
    ...rest,
    ...(authUser === undefined ? {} : { authUser: fill(authUser, person) }),
    ...(xcapRoot === undefined ? {} : { xcapRoot: fill(xcapRoot, person) }),
  };
}

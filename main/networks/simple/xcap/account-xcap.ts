import { HallwayError } from "../../../../shared/errors.ts";
import type { AccountConfig } from "../../../../shared/model/account.ts";
import { localOf } from "../../../../shared/model/address.ts";
import type { NetworkEnvironment } from "../../environment.ts";
import { accountTrust } from "../account-trust.ts";
import { XcapClient } from "./xcap-client.ts";

/** The account's documents on its XCAP server; undefined where it has none. Error: that of the rule for its host. */
export function accountXcap(
  account: AccountConfig,
  environment: NetworkEnvironment,
  password: string,
): XcapClient | undefined {
  const { address, server } = account;
  if (server.xcapRoot === undefined) return undefined;
  const { allowCleartext, rules, dns, tunnel } = environment;
  const host = URL.canParse(server.xcapRoot) ? new URL(server.xcapRoot).hostname : "";
  const refusal = rules.host(host);
  if (refusal) throw new HallwayError(refusal.code, refusal.params);
  return new XcapClient({
    root: server.xcapRoot,
    own: address,
    user: server.authUser ?? localOf(address),
    password,
    trust: () => accountTrust(account, environment, host),
    lookup: (name) => dns.lookup(name),
    tunnel,
    may: (method) => rules.method(method),
    allowCleartext,
  });
}

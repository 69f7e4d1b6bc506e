import { accountEnvironment } from "../account-environment.ts";
import type { NetworkEnvironment } from "../environment.ts";
import type { Network } from "../network.ts";
import { SimpleConnection } from "./connection.ts";
import { simpleDescription } from "./description.ts";
import { Paces } from "./paces.ts";
import { locate } from "./registration/locate.ts";

/** SIP for instant messaging and presence leveraging extensions (SIMPLE). Source: RFC 6914. */
export function createSimpleNetwork(environment: NetworkEnvironment, paces = new Paces()): Network {
  return {
    description: simpleDescription,
    discover: (address, settings, signal) =>
      locate(address, settings, { dns: environment.dns, allowCleartext: environment.allowCleartext, signal }),
    open: (account, options) =>
      new SimpleConnection({
        ...options,
        account,
        environment: accountEnvironment(environment, account.id),
        paces,
      }),
  };
}

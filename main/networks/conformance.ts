import { describe } from "vitest";
import { describeAway } from "./conformance/away.ts";
import { describeBlocking } from "./conformance/blocking.ts";
import { describeChanges } from "./conformance/changes.ts";
import { describeContacts } from "./conformance/contacts.ts";
import type { Harness } from "./conformance/harness.ts";
import { describeMessages } from "./conformance/messages.ts";
import { describeRecovery } from "./conformance/recovery.ts";
import { describeSignIn } from "./conformance/sign-in.ts";
import { describeUnacceptable, type UnacceptableItems } from "./conformance/unacceptable.ts";

/**
 * The suite that every network passes against a real server. `get` answers the harness once the server runs; a new
 * network is done when its harness (e2e/conformance) passes this unchanged. `unacceptable`: the network's own items
 * that must cost nothing but themselves.
 */
export function describeNetwork(name: string, get: () => Harness, unacceptable?: UnacceptableItems): void {
  describe(name, () => {
    describeSignIn(get);
    describeContacts(get);
    describeBlocking(get);
    describeMessages(get);
    describeChanges(get);
    describeAway(get);
    describeRecovery(get);
    if (unacceptable) describeUnacceptable(get, unacceptable);
  });
}

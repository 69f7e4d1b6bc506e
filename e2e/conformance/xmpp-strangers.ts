import { describe, expect, it } from "vitest";
import { openClient } from "../../main/networks/conformance/client.ts";
import type { Harness } from "../../main/networks/conformance/harness.ts";
import { type ComponentHost, refuseQuery, startComponent } from "./component.ts";

/**
 * Names of which NFKC would make `ceo`. Unicode got these letters after version 3.2, so that servers with stringprep
 * (RFC 6122) leave them alone; what they fold themselves has become the colleague's name before it is here.
 */
const almost = ["\u1d9ceo", "c\u2091o", "ce\u2092", "\u{1f12b}eo"];

/** A server with a host for which an outside program speaks. */
interface StrangersWay {
  readonly harness: Harness;
  readonly partner: ComponentHost | undefined;
}

/**
 * Strangers on a host of a real server that says itself who they are, as partners and gateways do. `passes`: how many
 * such names the server passes on; Debian's ejabberd refuses what its stringprep does not know.
 */
export function describeStrangers(name: string, passes: "all" | "none", get: () => StrangersWay): void {
  describe(`a stranger past ${name}`, () => {
    it("whose address is almost a colleague's is somebody else", async () => {
      const { harness, partner: component } = get();
      const partner = await startComponent({ component }, refuseQuery);
      const alice = openClient(harness, await harness.newAccount());
      try {
        await alice.signIn();
        const say = (local: string, body: string): void => {
          const way = `id='${body}' from='${local}@${partner.domain}/x' to='${alice.address}'`;
          partner.send(`<message type='chat' ${way}><body>${body}</body></message>`);
        };
        for (const [index, local] of almost.entries()) say(local, `wire 50k ${index}`);
        say("ceo", "it is me");
        await alice.message(({ body }) => body === "it is me");
        const ceo = `ceo@${partner.domain}`;
        expect(alice.messages().flatMap(({ peer, body }) => (peer === ceo ? [body] : []))).toEqual(["it is me"]);
        // They came as far as us where the server lets them.
        expect(alice.events.filter(({ type }) => type === "refused")).toHaveLength(
          passes === "all" ? almost.length : 0,
        );
      } finally {
        partner.close();
        alice.connection.close();
      }
    });
  });
}

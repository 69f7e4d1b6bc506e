import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe } from "vitest";
import { describeArrivalOrder, type Friend } from "./arrival-order.ts";
import { RawSip } from "./simple-raw.ts";
import { debianWith, type RegistrarStage, startRegistrar } from "./simple-registrars.ts";
import { withoutPace } from "./without-pace.ts";

describe("messages over Debian's Kamailio", () => {
  let stage: RegistrarStage | undefined;
  beforeAll(async () => {
    // What was under way on a broken connection is given up after as many milliseconds; the file ships ten times that.
    stage = await startRegistrar(debianWith(['modparam("tm", "fr_timer", 3000)']));
  });
  afterAll(() => stage?.stop());
  const get = withoutPace(() => {
    if (!stage) throw new Error("the registrar did not start");
    return stage.harness;
  });
  describeArrivalOrder(get, async () => {
    const account = await get().newAccount();
    return phone(await RawSip.connect(get().cleartext?.port ?? 0, account));
  });
});

/** Milliseconds before something is said again that was not taken. */
const pause = 100;

/**
 * A phone that sends without waiting for answers, as Hallway does not: all that it says is under way at the same time.
 * Kamailio keeps nothing for who is away, so that it says again, in order, what was not taken.
 */
function phone(sip: RawSip): Friend {
  const from = sip.account.address;
  const underWay: (() => Promise<void>)[] = [];
  return {
    address: from,
    async say(to, body) {
      const uri = `sip:${to}`;
      const head = [`From: <sip:${from}>;tag=raw`, `To: <${uri}>`, "Content-Type: text/plain"];
      const lines = [...head, `Message-ID: ${randomUUID()}`];
      const send = async (): Promise<boolean> =>
        (await sip.ask({ method: "MESSAGE", uri, lines, body })).status === 200;
      const first = send();
      underWay.push(async () => {
        for (let taken = await first; !taken; taken = await send()) await sleep(pause);
      });
    },
    async settled() {
      for (const taken of underWay.splice(0)) await taken();
    },
    close: () => sip.close(),
  };
}

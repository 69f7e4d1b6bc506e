import { afterAll, beforeAll, describe } from "vitest";
import { describeArrivalOrder } from "./arrival-order.ts";
import { debian, type RegistrarStage, startRegistrar } from "./simple-registrars.ts";
import { withoutPace } from "./without-pace.ts";

describe("messages over Debian's Kamailio", () => {
  let stage: RegistrarStage | undefined;
  beforeAll(async () => {
    stage = await startRegistrar(debian());
  });
  afterAll(() => stage?.stop());
  describeArrivalOrder(
    withoutPace(() => {
      if (!stage) throw new Error("the registrar did not start");
      return stage.harness;
    }),
    // It gives up what was under way when a connection ends, and tells the sender.
    // Each message waits for the answer to the one before it, which follows storing.
    { resets: false, slowest: 30 },
  );
});

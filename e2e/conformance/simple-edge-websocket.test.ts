import { describeOmittedExpires } from "./simple-flows.ts";
import { describeNat } from "./simple-nat.ts";
import { describeRegistrar, edge } from "./simple-registrars.ts";
import { kamailiosWays } from "./simple-unacceptable.ts";

const harness = describeRegistrar(
  "a session border controller over WebSocket",
  edge("websocket", { isBorder: true }),
  kamailiosWays,
);

describeNat(harness);
describeOmittedExpires(harness);

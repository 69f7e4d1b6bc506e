import { describeCuts } from "../../main/networks/conformance/cuts.ts";
import { describeFlowTimer } from "./simple-flows.ts";
import { describeNat } from "./simple-nat.ts";
import { describePublication } from "./simple-publication.ts";
import { describeRegistrar, edge } from "./simple-registrars.ts";
import { kamailiosWays } from "./simple-unacceptable.ts";

const harness = describeRegistrar("an outbound edge over TLS", edge("tls", { flowTimer: 2 }), kamailiosWays);

describeCuts("an outbound edge", harness, 10);

describeNat(harness);
describePublication(harness);
describeFlowTimer(harness);

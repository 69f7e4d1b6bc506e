import { describeCuts } from "../../main/networks/conformance/cuts.ts";
import { describeRegistrar, edge } from "./simple-registrars.ts";
import { kamailiosWays } from "./simple-unacceptable.ts";
import { withoutPace } from "./without-pace.ts";

const harness = describeRegistrar("an outbound edge over TLS", edge("tls"), kamailiosWays);

describeCuts("an outbound edge", withoutPace(harness), 10);

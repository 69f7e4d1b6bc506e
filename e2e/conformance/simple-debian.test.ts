import { describeCuts } from "../../main/networks/conformance/cuts.ts";
import { debian, describeRegistrar } from "./simple-registrars.ts";
import { kamailiosWays } from "./simple-unacceptable.ts";
import { withoutPace } from "./without-pace.ts";

const harness = describeRegistrar("Debian's Kamailio as it ships, without presence", debian(), kamailiosWays);

describeCuts("Debian's Kamailio", withoutPace(harness), 10);

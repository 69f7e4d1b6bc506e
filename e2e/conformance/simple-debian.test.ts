import { describeCuts } from "../../main/networks/conformance/cuts.ts";
import { describeAbsence } from "./simple-absence.ts";
import { describeMerging, describePlainDevice } from "./simple-devices.ts";
import { describeNat } from "./simple-nat.ts";
import { debian, describeRegistrar } from "./simple-registrars.ts";
import { kamailiosWays } from "./simple-unacceptable.ts";

const harness = describeRegistrar("Debian's Kamailio as it ships, without presence", debian(), kamailiosWays);

describeCuts("Debian's Kamailio", harness, 10);

describeNat(harness);
describeAbsence(harness);
describeMerging(harness);
describePlainDevice(harness);

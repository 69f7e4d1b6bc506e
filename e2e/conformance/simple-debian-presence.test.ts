import { describeNat } from "./simple-nat.ts";
import { describePublication } from "./simple-publication.ts";
import { debian, describeRegistrar } from "./simple-registrars.ts";
import { kamailiosWays } from "./simple-unacceptable.ts";

const harness = describeRegistrar(
  "Debian's Kamailio with presence and NAT",
  debian("WITH_PRESENCE", "WITH_NAT"),
  kamailiosWays,
);

describeNat(harness);
describePublication(harness);

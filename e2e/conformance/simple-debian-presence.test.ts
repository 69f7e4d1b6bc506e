import { debian, describeRegistrar } from "./simple-registrars.ts";
import { kamailiosWays } from "./simple-unacceptable.ts";

describeRegistrar("Debian's Kamailio with presence and NAT", debian("WITH_PRESENCE", "WITH_NAT"), kamailiosWays);

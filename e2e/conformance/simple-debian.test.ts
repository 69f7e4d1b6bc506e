import { debian, describeRegistrar } from "./simple-registrars.ts";
import { kamailiosWays } from "./simple-unacceptable.ts";

describeRegistrar("Debian's Kamailio as it ships, without presence", debian(), kamailiosWays);

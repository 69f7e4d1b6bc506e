import { describeRegistrar, edge } from "./simple-registrars.ts";
import { kamailiosWays } from "./simple-unacceptable.ts";

describeRegistrar("an outbound edge over TLS", edge("tls"), kamailiosWays);

import { describeContacts } from "../../main/networks/conformance/contacts.ts";
import { describeRecovery } from "../../main/networks/conformance/recovery.ts";
import { debian, describeRegistrar } from "./simple-registrars.ts";

describeRegistrar("Debian's Kamailio with presence and NAT", debian("WITH_PRESENCE", "WITH_NAT"), [
  describeContacts,
  describeRecovery,
]);

import { describeAway } from "../../main/networks/conformance/away.ts";
import { describeContacts } from "../../main/networks/conformance/contacts.ts";
import { describeMessages } from "../../main/networks/conformance/messages.ts";
import { describeRecovery } from "../../main/networks/conformance/recovery.ts";
import { debian, describeRegistrar } from "./simple-registrars.ts";

describeRegistrar("Debian's Kamailio as it ships, without presence", debian(), [
  describeContacts,
  describeMessages,
  describeAway,
  describeRecovery,
]);

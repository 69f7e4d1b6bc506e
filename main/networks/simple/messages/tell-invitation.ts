import type { Address } from "../../../../shared/model/address.ts";
import type { FeatureSession } from "../feature.ts";
import { type SipRequest, tagOf } from "../wire/message.ts";
import { invitationOf } from "./invitations.ts";

/** Tells the person what an INVITE or REFER outside of a dialog asks of them. */
export function tellInvitation(
  { messages, isForUs }: Pick<FeatureSession, "messages" | "isForUs">,
  request: SipRequest,
  from: Address | undefined,
): void {
  if (tagOf(request.headers, "to") !== undefined || !isForUs(request.uri)) return;
  const notice = invitationOf(request);
  if (from !== undefined && notice !== undefined) messages.invited(request, from, notice);
}

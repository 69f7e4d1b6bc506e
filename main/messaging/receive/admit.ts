import type { AccountId, Protocol } from "../../../shared/model/account.ts";
import type { MessageChange } from "../../networks/facets/messages.ts";
import type { Contacts } from "../../store/contacts.ts";
import type { Requests } from "../../store/requests.ts";
import type { ReceivedMessage, ReceiveStage } from "../delivery.ts";

/** Whether the person hears of something; a message that is admitted may make its sender known, or count as a wish. */
export interface Admission {
  message(accountId: AccountId, protocol: Protocol, message: ReceivedMessage): boolean;
  change(accountId: AccountId, change: MessageChange): boolean;
}

export function createAdmission({
  contacts,
  requests,
}: {
  readonly contacts: Pick<Contacts, "ensure">;
  readonly requests: Requests;
}): Admission {
  function isSilenced(accountId: AccountId, voices: readonly (string | undefined)[]): boolean {
    return voices.some((voice) => voice !== undefined && requests.isBlocked(accountId, voice));
  }

  return {
    message(accountId, protocol, { direction, peer, through, body, notice }) {
      // Nor does anybody else pass on what the blocked have to say.
      const voices = direction === "in" && notice ? [peer, through, notice.who, notice.what] : [peer, through];
      if (isSilenced(accountId, voices)) return false;
      const reception = requests.reception(accountId, peer);
      // Whoever we wrote to from another device is no stranger, for the messages behind it neither.
      if (direction === "out" || reception === "open") {
        contacts.ensure(accountId, protocol, peer);
        if (direction === "out") requests.written(accountId, peer);
        return true;
      }
      if (reception === "fold") requests.fold(accountId, protocol, peer);
      return reception === "ask" && requests.admits(accountId, peer, body.length);
    },
    change: (accountId, { direction, peer, through }) =>
      !isSilenced(accountId, [peer, through]) &&
      (direction === "out" || requests.reception(accountId, peer) !== "refuse"),
  };
}

/** Admits what the person may and wants to hear. What became of an own message is the person's to know. */
export function admit(admission: Admission): ReceiveStage {
  return ({ accountId, protocol, items, ...delivery }, next) => {
    const admitted = items.filter(({ event }) => {
      if (event.type === "message") return admission.message(accountId, protocol, event.message);
      return event.type !== "change" || admission.change(accountId, event.change);
    });
    return next({ ...delivery, accountId, protocol, items: admitted });
  };
}

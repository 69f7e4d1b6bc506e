import type { MessagesFacet } from "../networks/facets/messages.ts";
import { governs } from "./governed.ts";

/** Says nothing to whom nothing may be said; those learn neither that we type nor what became of their messages. */
export const governMessages = governs<MessagesFacet>((inner, governor) => ({
  async send(message) {
    governor.speakTo(message.to);
    await inner.send(message);
  },
  get correct(): MessagesFacet["correct"] {
    return (
      inner.correct &&
      (async (correction) => {
        governor.speakTo(correction.to);
        await inner.correct?.(correction);
      })
    );
  },
  get retract(): MessagesFacet["retract"] {
    return (
      inner.retract &&
      (async (retraction) => {
        governor.speakTo(retraction.to);
        await inner.retract?.(retraction);
      })
    );
  },
  get sendTyping(): MessagesFacet["sendTyping"] {
    return (
      inner.sendTyping &&
      ((to, active) => {
        if (governor.mayMeet(to)) inner.sendTyping?.(to, active);
      })
    );
  },
  get sendReceipt(): MessagesFacet["sendReceipt"] {
    return (
      inner.sendReceipt &&
      ((receipt) => {
        if (governor.mayMeet(receipt.to)) inner.sendReceipt?.(receipt);
      })
    );
  },
}));

import type { MessagesFacet } from "../networks/facets/messages.ts";
import type { Whole } from "./governed.ts";
import type { Governor } from "./governor.ts";

/** Says nothing to whom nothing may be said; those learn neither that we type nor what became of their messages. */
export class GovernedMessages implements Whole<MessagesFacet> {
  readonly #inner: MessagesFacet;
  readonly #governor: Governor;

  constructor(inner: MessagesFacet, governor: Governor) {
    this.#inner = inner;
    this.#governor = governor;
  }

  readonly send: MessagesFacet["send"] = async (message) => {
    this.#governor.speakTo(message.to);
    await this.#inner.send(message);
  };

  get correct(): MessagesFacet["correct"] {
    const { correct } = this.#inner;
    return (
      correct &&
      (async (correction) => {
        this.#governor.speakTo(correction.to);
        await correct(correction);
      })
    );
  }

  get retract(): MessagesFacet["retract"] {
    const { retract } = this.#inner;
    return (
      retract &&
      (async (retraction) => {
        this.#governor.speakTo(retraction.to);
        await retract(retraction);
      })
    );
  }

  get sendTyping(): MessagesFacet["sendTyping"] {
    const { sendTyping } = this.#inner;
    return (
      sendTyping &&
      ((to, active) => {
        if (this.#governor.mayMeet(to)) sendTyping(to, active);
      })
    );
  }

  get sendReceipt(): MessagesFacet["sendReceipt"] {
    const { sendReceipt } = this.#inner;
    return (
      sendReceipt &&
      ((receipt) => {
        if (this.#governor.mayMeet(receipt.to)) sendReceipt(receipt);
      })
    );
  }
}

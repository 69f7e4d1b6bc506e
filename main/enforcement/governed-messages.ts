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
    const inner = this.#inner;
    return (
      inner.correct &&
      (async (correction) => {
        this.#governor.speakTo(correction.to);
        await inner.correct?.(correction);
      })
    );
  }

  get retract(): MessagesFacet["retract"] {
    const inner = this.#inner;
    return (
      inner.retract &&
      (async (retraction) => {
        this.#governor.speakTo(retraction.to);
        await inner.retract?.(retraction);
      })
    );
  }

  get sendTyping(): MessagesFacet["sendTyping"] {
    const inner = this.#inner;
    return (
      inner.sendTyping &&
      ((to, active) => {
        if (this.#governor.mayMeet(to)) inner.sendTyping?.(to, active);
      })
    );
  }

  get sendReceipt(): MessagesFacet["sendReceipt"] {
    const inner = this.#inner;
    return (
      inner.sendReceipt &&
      ((receipt) => {
        if (this.#governor.mayMeet(receipt.to)) inner.sendReceipt?.(receipt);
      })
    );
  }
}

import type { Element } from "@xmpp/xml";
import type { ManagedStream, SendOptions, SendRefusal } from "./managed-stream.ts";

/** The stream that is signed in, where there is one: others come and go. */
export class CurrentStream {
  #stream: ManagedStream | undefined;

  get stream(): ManagedStream | undefined {
    return this.#stream;
  }

  set(stream: ManagedStream | undefined): void {
    this.#stream = stream;
  }

  /** Undefined: it was sent. */
  send(stanza: Element, options?: SendOptions): SendRefusal | undefined {
    return this.#stream ? this.#stream.send(stanza, options) : "offline";
  }
}

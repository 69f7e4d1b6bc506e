import type { SipRequest } from "../wire/message.ts";
import { tagOf } from "../wire/message.ts";
import type { Dialog } from "./dialog.ts";

/** Usages of dialogs (RFC 5057), found by the requests that come in them. Source: RFC 3261 section 12.2.2. */
export class DialogTable<Usage> {
  readonly #entries = new Map<string, { readonly dialog: Dialog; readonly usage: Usage }>();

  get size(): number {
    return this.#entries.size;
  }

  add(dialog: Dialog, usage: Usage): void {
    this.#entries.set(keyOf(dialog.callId, dialog.localTag), { dialog, usage });
  }

  delete(dialog: Dialog): void {
    this.#entries.delete(keyOf(dialog.callId, dialog.localTag));
  }

  clear(): void {
    this.#entries.clear();
  }

  /** Usage of the dialog that a request belongs to. */
  find(request: SipRequest): Usage | undefined {
    const found = this.#entries.get(keyOf(request.callId, tagOf(request.headers, "to") ?? ""));
    return found?.dialog.owns(request) ? found.usage : undefined;
  }

  usages(): readonly Usage[] {
    return [...this.#entries.values()].map(({ usage }) => usage);
  }
}

function keyOf(callId: string, localTag: string): string {
  return JSON.stringify([callId, localTag]);
}

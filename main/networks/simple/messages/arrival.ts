import type { Address } from "../../../../shared/model/address.ts";
import type { Author } from "../../../../shared/model/author.ts";
import { maxNameLength } from "../../../../shared/model/contact.ts";
import { visibleName } from "../../../../shared/text/visible-name.ts";
import { detached } from "../../detached-text.ts";
import type { Emit, NetworkEvent } from "../../events.ts";
import { parseNameAddress, type SipRequest } from "../wire/message.ts";

/** One request that brings something said: whose it is, and what came of it so far. */
export class Arrival {
  readonly request: SipRequest;
  readonly peer: Address;
  readonly author: Author;
  /** Keys of messages that were not known before. */
  readonly newKeys: string[] = [];
  /** Resolves when it is known whether all that it brought is stored; copies of it are answered after that. */
  readonly ended: Promise<boolean>;
  readonly end: (isStored: boolean) => void;
  readonly #emit: Emit;
  readonly #stores: Promise<boolean>[] = [];

  constructor(request: SipRequest, peer: Address, emit: Emit) {
    this.request = request;
    this.peer = peer;
    this.#emit = emit;
    ({ promise: this.ended, resolve: this.end } = Promise.withResolvers<boolean>());
    const name = displayName(request);
    this.author = { address: peer, ...(name === undefined ? {} : { name }), isSelf: false };
  }

  emit(event: NetworkEvent): void {
    const stored = this.#emit(event);
    if (stored) this.#stores.push(stored);
  }

  /** It brings again what came before, in the request that ends like this: it is stored when that is. */
  repeats(ended: Promise<boolean>): void {
    // One request may say the same twice.
    if (ended !== this.ended) this.#stores.push(ended);
  }

  /** Whether all that it brought is stored. */
  async stored(): Promise<boolean> {
    return (await Promise.all(this.#stores)).every(Boolean);
  }
}

/** The name beside the address of a From (RFC 3261 section 20.10). */
function displayName(request: SipRequest): string | undefined {
  const { display } = parseNameAddress(request.headers.get("from") ?? "");
  const name =
    display === undefined || display.length > maxNameLength ? undefined : visibleName(display, maxNameLength);
  return name === undefined ? undefined : detached(name);
}

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
  readonly #emit: Emit;
  readonly #stores: Promise<boolean>[] = [];

  constructor(request: SipRequest, peer: Address, emit: Emit) {
    this.request = request;
    this.peer = peer;
    this.#emit = emit;
    const name = displayName(request);
    this.author = { address: peer, ...(name === undefined ? {} : { name }), isSelf: false };
  }

  emit(event: NetworkEvent): void {
    const stored = this.#emit(event);
    if (stored) this.#stores.push(stored);
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

import type { Address } from "../../../../shared/model/address.ts";
import { parseResourceLists, resourceListsType, writeResourceList } from "../payloads/rfc-4826-resource-lists.ts";
import { addressOfUri, uriOfAddress } from "../wire/uri.ts";
import type { XcapClient, XcapDocument } from "./xcap-client.ts";

const document: XcapDocument = { auid: "resource-lists", name: "index", type: resourceListsType };
/** More than this is no contact list of a person. */
const most = 20_000;

/** Somebody on the contact list that the server keeps. */
export interface ServerContact {
  readonly address: Address;
  readonly name: string | undefined;
  readonly groups: readonly string[];
}

/**
 * The contact list as a document on the XCAP server, shared with the person's other devices and programs (RFC 4826).
 */
export class XcapContactList {
  readonly #xcap: XcapClient;

  constructor(xcap: XcapClient) {
    this.#xcap = xcap;
  }

  /** The list; undefined when the server has none yet. Errors: those of XcapClient.change, XmlError. */
  async load(): Promise<readonly ServerContact[] | undefined> {
    const text = await this.#xcap.read(document);
    if (text === undefined) return undefined;
    const contacts = new Map<Address, ServerContact>();
    for (const { uri, name, groups } of parseResourceLists(text).slice(0, most)) {
      const address = addressOfUri(uri);
      if (address !== undefined && !contacts.has(address)) contacts.set(address, { address, name, groups });
    }
    return [...contacts.values()];
  }

  /** Adds or changes contacts. */
  put(contacts: readonly ServerContact[]): Promise<void> {
    return this.#xcap.change(document, (text) =>
      contacts.reduce<string | undefined>(
        (now, { address, name, groups }) =>
          writeResourceList(withoutOthers(now, address), uriOfAddress(address), { name, groups }),
        text,
      ),
    );
  }

  remove(address: Address): Promise<void> {
    return this.#xcap.change(document, (text) =>
      text === undefined
        ? undefined
        : writeResourceList(withoutOthers(text, address), uriOfAddress(address), undefined),
    );
  }
}

/** Other programs may have written the same address as another URI (`sips:`, a port, other escapes). */
function withoutOthers(text: string | undefined, address: Address): string | undefined {
  if (text === undefined) return undefined;
  const others = parseResourceLists(text).filter(
    ({ uri }) => uri !== uriOfAddress(address) && addressOfUri(uri) === address,
  );
  return others.reduce((now, { uri }) => writeResourceList(now, uri, undefined), text);
}

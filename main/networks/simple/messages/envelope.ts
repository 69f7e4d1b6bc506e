import type { Address } from "../../../../shared/model/address.ts";
import { formatCpim } from "../../../cpim/message.ts";
import { imdnCpimNamespace } from "../payloads/rfc-5438-imdn.ts";
import { uriOfAddress } from "../wire/uri.ts";

/** Headers of a message's envelope. */
export interface EnvelopeHead {
  readonly from: Address;
  readonly to: Address;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly id: string;
  /** Which notifications are asked for (RFC 5438 section 6.2). */
  readonly disposition?: string;
}

/**
 * Content in a message/cpim with the headers that disposition notifications need. Source: RFC 3862, RFC 5438 section
 * 7.1.1.
 */
export function envelope(head: EnvelopeHead, contentType: string, content: Uint8Array): Uint8Array {
  const imdn = (name: string, value: string): { namespace: string; name: string; value: string } => ({
    namespace: imdnCpimNamespace,
    name,
    value,
  });
  const headers = [
    { namespace: "", name: "From", value: `<${uriOfAddress(head.from)}>` },
    { namespace: "", name: "To", value: `<${uriOfAddress(head.to)}>` },
    { namespace: "", name: "DateTime", value: new Date(head.at).toISOString() },
    imdn("Message-ID", head.id),
    ...(head.disposition === undefined ? [] : [imdn("Disposition-Notification", head.disposition)]),
  ];
  return formatCpim({ headers, contentType, content }, new Map([[imdnCpimNamespace, "imdn"]]));
}

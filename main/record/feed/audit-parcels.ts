import type { SignedHead } from "../audit/audit-log.ts";
import type { AuditEntry } from "../audit/entry.ts";
import type { Parcel } from "./destinations/destination.ts";
import { auditId } from "./item-id.ts";

const form = { mediaType: "application/json", extension: "json" } as const;

/** The end of the audit log as the device vouches for it: whoever has it sees later whether entries are missing. */
export function headParcel(head: SignedHead, now: number): Parcel {
  const { n, hash, publicKey, signature } = head;
  const text = JSON.stringify({ audit: "head", n, hash, device: publicKey, signature });
  return {
    ...form,
    id: auditId("head", publicKey, head),
    what: "audit-head",
    at: now,
    text,
    fields: { n: String(n), hash, device: publicKey },
  };
}

/**
 * An entry of the audit log, whole, so that the chain can be verified from what was received. `device`: its public key,
 * where it is known.
 */
export function entryParcel(entry: AuditEntry, device: string): Parcel {
  const { n, at, kind, action, details, previous, hash, signature } = entry;
  const text = JSON.stringify({ audit: "entry", n, at, kind, action, details, previous, hash, signature, device });
  return {
    ...form,
    id: auditId("entry", device, entry),
    what: "audit-entry",
    at,
    text,
    fields: { n: String(n), kind, action, hash, device },
  };
}

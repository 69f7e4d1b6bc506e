import { hash as digest } from "node:crypto";
import * as v from "valibot";
import { ellipsized } from "../../../shared/text/truncate.ts";
import { lengthPrefixed } from "../../secrets/signing.ts";
import type { AuditEvent, AuditKind } from "./audit.ts";

/** An entry of the audit chain, as it is kept and as a third party verifies it (docs/record.md, "Audit chain"). */
export interface AuditEntry {
  /** From 1, without a gap. The order is this one, whatever the clock said. */
  readonly n: number;
  /** Milliseconds since the epoch, by the clock of the device. */
  readonly at: number;
  /** `chain`: about the chain itself, always written: `begun` `stopped` `resumed` `lost` `broken`. */
  readonly kind: AuditKind | "chain";
  readonly action: string;
  /** JSON of one object as RFC 8785 writes it: members sorted, no white space. */
  readonly details: string;
  /** Hash of the entry before; empty for the first. */
  readonly previous: string;
  /** SHA-256 in hexadecimal, see `hashOf`. */
  readonly hash: string;
  /** Base64, of the purpose `hallway audit entry 1` over the text of `hash` (main/secrets/signing.ts). */
  readonly signature: string;
}

/** Entry before it is chained. */
export type UnchainedEntry = Pick<AuditEntry, "at" | "kind" | "action" | "details">;

/** A place in a chain. The hash tells whether it is the same chain. */
export interface AuditPosition {
  readonly n: number;
  readonly hash: string;
}

const PositionSchema = v.object({
  n: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  hash: v.pipe(v.string(), v.regex(/^([0-9a-f]{64})?$/)),
});

/** Before the first entry. */
export const origin: AuditPosition = { n: 0, hash: "" };

const domain = "hallway audit entry 1";

/** SHA-256 over these texts, each with its length before it: nothing can move from one to the next. */
export function hashOf(
  { n, at, kind, action, details, previous }: Omit<AuditEntry, "hash" | "signature">,
  previousSignature: string,
): string {
  return digest(
    "sha256",
    lengthPrefixed([domain, String(n), String(at), kind, action, details, previous, previousSignature]),
    "hex",
  );
}

/** Longest text in details, in UTF-16 units; a longer one is cut and ends in an ellipsis. */
const maxText = 2000;
/** Longest details, in UTF-16 units of their JSON. */
const maxDetails = 16_384;

/** Details as JSON, bounded in size. */
export function detailsText(details: AuditEvent["details"]): string {
  const names = Object.keys(details).sort().slice(0, 50);
  for (const limit of [maxText, 200, 20]) {
    const json = JSON.stringify(
      Object.fromEntries(names.map((name) => [cut(name, 100), plain(details[name] ?? null, limit)])),
    );
    if (json.length <= maxDetails) return json;
  }
  return "{}";
}

function plain(value: string | number | boolean | null, limit: number): string | number | boolean | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  return typeof value === "string" ? cut(value, limit) : value;
}

function cut(text: string, limit: number): string {
  return ellipsized(text, limit).toWellFormed();
}

/** A position as it is kept; undefined for anything else. */
export function readPosition(text: string | undefined): AuditPosition | undefined {
  try {
    const parsed = v.safeParse(PositionSchema, JSON.parse(text ?? ""));
    return parsed.success ? parsed.output : undefined;
  } catch {
    return undefined;
  }
}

/**
 * How well a SASL mechanism proves both ends to each other: what is remembered of a server, and compared at the next
 * sign-in.
 */
export interface Strength {
  /** Position in `hashes`; -1: the password itself is sent (PLAIN). */
  readonly hash: number;
  /** The proof is bound to the TLS channel (-PLUS). */
  readonly bound: boolean;
}

/** SCRAM's hash functions by strength (RFC 5802, RFC 7677, draft-melnikov-scram-sha-512). */
export const hashes = ["sha1", "sha256", "sha512"] as const;
export type ScramHash = (typeof hashes)[number];

const labels: Readonly<Record<ScramHash, string>> = {
  sha1: "SCRAM-SHA-1",
  sha256: "SCRAM-SHA-256",
  sha512: "SCRAM-SHA-512",
};

/** A mechanism's name in SASL. */
export function scramName(hash: ScramHash, bound: boolean): string {
  return `${labels[hash]}${bound ? "-PLUS" : ""}`;
}

/** The strength of a mechanism by its name; undefined: not one of ours. */
export function strengthOf(mechanism: string): Strength | undefined {
  if (mechanism === "PLAIN") return { hash: -1, bound: false };
  const bound = mechanism.endsWith("-PLUS");
  const hash = hashes.findIndex((h) => scramName(h, bound) === mechanism);
  return hash < 0 ? undefined : { hash, bound };
}

/** The mechanism of a strength. */
export function mechanismOf({ hash, bound }: Strength): string {
  const found = hashes[hash];
  return found === undefined ? "PLAIN" : scramName(found, bound);
}

/** Whether a mechanism is weaker than another in any respect: a weaker hash, or not bound to the channel. */
export function isWeaker(mechanism: Strength, than: Strength): boolean {
  return mechanism.hash < than.hash || (than.bound && !mechanism.bound);
}

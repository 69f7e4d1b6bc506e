/** Hash functions of digest (RFC 7616, RFC 8760), strongest first. */
export const algorithms = ["SHA-512-256", "SHA-256", "MD5"] as const;
export type Hash = (typeof algorithms)[number];

/**
 * How little a digest answer tells of the password: remembered of a server, and compared with what it asks for next.
 */
export interface Strength {
  /** Position in `algorithms`: the lower the stronger. */
  readonly hash: number;
  /**
   * The answer holds a random number of our own: without one, the answers of a whole dictionary can be prepared
   * beforehand (RFC 7616 section 5.9).
   */
  readonly hasClientNonce: boolean;
}

/** Whether an answer tells more of the password than another in any respect. */
export function isWeaker(one: Strength, than: Strength): boolean {
  return one.hash > than.hash || (than.hasClientNonce && !one.hasClientNonce);
}

/** The weakest of several in every respect; undefined: there is none. */
export function weakestOf(all: readonly Strength[]): Strength | undefined {
  if (all.length === 0) return undefined;
  return {
    hash: Math.max(...all.map(({ hash }) => hash)),
    hasClientNonce: all.every(({ hasClientNonce }) => hasClientNonce),
  };
}

const withoutNonce = " (RFC 2069)";

/**
 * Name of a strength, as people see it: as policy AuthMethods has it, and how old its form is where no random number of
 * ours is in it.
 */
export function strengthName({ hash, hasClientNonce }: Strength): string {
  return `DIGEST-${algorithms[hash] ?? ""}${hasClientNonce ? "" : withoutNonce}`;
}

/** The strength of that name; undefined: not one of ours. */
export function strengthNamed(name: string): Strength | undefined {
  const hash = algorithms.findIndex(
    (algorithm) => name === `DIGEST-${algorithm}` || name === `DIGEST-${algorithm}${withoutNonce}`,
  );
  return hash < 0 ? undefined : { hash, hasClientNonce: !name.endsWith(withoutNonce) };
}

/** Reasons why the form of a policy value can be wrong; `policy.reason.<reason>` says what would be valid instead. */
export const reasons = [
  "domain",
  "host",
  "path",
  "url",
  "certificate",
  "key-hash",
  "public-key",
  "instant",
  "span",
  "held-address",
  "address",
  "account-name",
  "websocket-path",
  "repeated",
  "same-name",
  "one-finder",
  "setting-name",
  "extension",
  "media-type",
] as const;
export type Reason = (typeof reasons)[number];

export function isReason(value: unknown): value is Reason {
  return reasons.some((reason) => reason === value);
}

import { X509Certificate } from "node:crypto";

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g;

/** A certificate in a value, and where in it: `AdditionalTrustAnchors[1]`. Undefined: it cannot be parsed. */
export interface PlacedCertificate {
  readonly path: string;
  readonly certificate: X509Certificate | undefined;
}

/** Every certificate of a value that its schema has taken (shared/settings/certificates.ts), parsed. */
export function certificatesOf(path: string, value: unknown): readonly PlacedCertificate[] {
  if (typeof value === "string") return (value.match(block) ?? []).map((pem) => ({ path, certificate: parse(pem) }));
  if (Array.isArray(value)) return value.flatMap((item, index) => certificatesOf(`${path}[${index}]`, item));
  if (value === null || typeof value !== "object") return [];
  return Object.entries(value).flatMap(([name, member]) => certificatesOf(`${path}.${name}`, member));
}

/**
 * The first place in a value where something stands for a certificate that is none; trusting it would fail every
 * connection.
 */
export function unusableCertificate(key: string, value: unknown): string | undefined {
  return certificatesOf(key, value).find(({ certificate }) => certificate === undefined)?.path;
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

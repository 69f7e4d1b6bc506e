import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { getCACertificates } from "node:tls";

/** Where Linux distributions keep all anchors in one file: Debian and others, Fedora, openSUSE, Alpine. */
const bundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];

let known: readonly string[] | undefined;

/**
 * The anchors of the operating system, PEM, read once. On Linux from its files and not by Node, which would look where SSL_CERT_FILE and
 * SSL_CERT_DIR point to; elsewhere from the system's own store.
 */
export function systemAnchors(platform: NodeJS.Platform = process.platform): readonly string[] {
  known ??= platform === "linux" ? fromFiles() : fromStore();
  return known;
}

function fromFiles(): readonly string[] {
  for (const path of bundles) {
    try {
      const found = readFileSync(path, "latin1").match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
      if (found.length > 0) return found.filter(isCertificate);
    } catch {
      // Another distribution's file.
    }
  }
  return [];
}

/** One that cannot be read must not keep the others from being used. */
function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).ca;
  } catch {
    return false;
  }
}

function fromStore(): readonly string[] {
  try {
    return getCACertificates("system");
  } catch {
    return [];
  }
}

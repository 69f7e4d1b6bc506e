import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TestCertificate {
  readonly key: string;
  /** Signed by itself, so it is its own authority. */
  readonly pem: string;
}

/**
 * A fresh self-signed certificate with this common name, made by openssl, valid for two days. `altNames`: as openssl's
 * `subjectAltName` has them; empty: none.
 */
export function createTestCertificate(name: string, altNames = `DNS:${name}`): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), "hallway-cert-"));
  try {
    const [key, pem] = [join(folder, "key.pem"), join(folder, "cert.pem")];
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        `/CN=${name}`,
        ...(altNames === "" ? [] : ["-addext", `subjectAltName=${altNames}`]),
        "-keyout",
        key,
        "-out",
        pem,
      ],
      { stdio: "ignore" },
    );
    return { key: readFileSync(key, "utf8"), pem: readFileSync(pem, "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

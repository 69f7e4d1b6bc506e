import { execFile } from "node:child_process";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createRunFolder, type RunFolder } from "./run-folder.ts";

const run = promisify(execFile);
const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"] as const;

/** A certificate authority of our own: nobody trusts it unless told to. */
export interface Authority {
  readonly pem: string;
  readonly path: string;
  readonly keyPath: string;
  /**
   * Issues a certificate for a server that goes by these DNS names (the first is its common name) and 127.0.0.1.
   * `responder`: URL of whoever can be asked whether it was revoked.
   */
  issue(names: readonly string[], kind?: "valid" | "expired", responder?: string): Promise<Certificate>;
}

/** A server's certificate and key, as files that the server's user can read. */
export interface Certificate {
  readonly certPath: string;
  readonly keyPath: string;
  readonly certPem: string;
  readonly keyPem: string;
}

/** Every certificate that tests need for one set of names. */
export interface Certificates {
  readonly authority: Authority;
  readonly good: Certificate;
  /** By the same authority, but for somebody else. */
  readonly wrongName: Certificate;
  /** By the same authority, out of date. */
  readonly expired: Certificate;
  /** Right names, by an authority that nobody was told of. */
  readonly untrusted: Certificate;
  remove(): Promise<void>;
}

/** Makes all certificates for the names of a server with the `openssl` program (a few hundredths of a second each). */
export async function createCertificates(names: readonly string[]): Promise<Certificates> {
  const folder = await createRunFolder("certificates");
  const [authority, stranger] = await Promise.all([
    createAuthority(folder, "Hallway test authority"),
    createAuthority(folder, "Somebody else's authority"),
  ]);
  const [good, wrongName, expired, untrusted] = await Promise.all([
    authority.issue(names),
    authority.issue(["somebody-else.test"]),
    authority.issue(names, "expired"),
    stranger.issue(names),
  ]);
  return { authority, good, wrongName, expired, untrusted, remove: folder.remove };
}

let serial = 0;

async function createAuthority(folder: RunFolder, commonName: string): Promise<Authority> {
  const own = join(folder.path, `authority-${++serial}`);
  await mkdir(own);
  await folder.give(own);
  const keyPath = join(own, "authority.key");
  const path = join(own, "authority.pem");
  const extensions = [
    "-addext",
    "basicConstraints=critical,CA:TRUE",
    "-addext",
    "keyUsage=critical,keyCertSign,cRLSign",
  ];
  await run("openssl", [
    "req",
    "-x509",
    ...newKey,
    "-days",
    "30",
    "-subj",
    `/CN=${commonName}`,
    "-keyout",
    keyPath,
    "-out",
    path,
    ...extensions,
  ]);
  await folder.give(path);
  return {
    path,
    keyPath,
    pem: await readFile(path, "utf8"),
    async issue(names, kind = "valid", responder = undefined) {
      const base = join(own, `server-${++serial}`);
      const made = { certPath: `${base}.pem`, keyPath: `${base}.key` };
      const alternatives = [...names.map((name) => `DNS:${name}`), "IP:127.0.0.1"].join(",");
      await writeFile(
        `${base}.ext`,
        `subjectAltName=${alternatives}\nextendedKeyUsage=serverAuth,clientAuth\n${responder === undefined ? "" : `authorityInfoAccess=OCSP;URI:${responder}\n`}`,
      );
      await run("openssl", [
        "req",
        ...newKey,
        "-subj",
        `/CN=${names[0] ?? "localhost"}`,
        "-keyout",
        made.keyPath,
        "-out",
        `${base}.csr`,
      ]);
      const days = kind === "expired" ? "-1" : "30";
      const signing = [
        "-CA",
        path,
        "-CAkey",
        keyPath,
        "-set_serial",
        String(serial),
        "-days",
        days,
        "-extfile",
        `${base}.ext`,
      ];
      await run("openssl", ["x509", "-req", "-in", `${base}.csr`, ...signing, "-out", made.certPath]);
      await Promise.all([rm(`${base}.csr`), rm(`${base}.ext`), folder.give(made.certPath), folder.give(made.keyPath)]);
      return { ...made, certPem: await readFile(made.certPath, "utf8"), keyPem: await readFile(made.keyPath, "utf8") };
    },
  };
}

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its key, PEM, and the files that hold them. */
export interface IssuedCertificate {
  readonly pem: string;
  readonly key: string;
  readonly path: string;
  readonly keyPath: string;
}

/** An authority of a test's own, made by openssl. */
export interface TestAuthority {
  /** The one above all. */
  readonly root: IssuedCertificate;
  /** `under`: who issues it, else the root. `extensions`: lines of openssl's configuration beside the name. */
  issue(name: string, extensions?: readonly string[], under?: IssuedCertificate): IssuedCertificate;
  /** One that was good until yesterday. */
  issueExpired(name: string): IssuedCertificate;
  /** One with a key of 1024 bits. */
  issueWeak(name: string): IssuedCertificate;
  /** One with these common names and no other name. */
  issueCommonNames(...names: readonly string[]): IssuedCertificate;
  remove(): void;
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];
const weakKey = ["-newkey", "rsa:1024", "-nodes"];

export function createTestAuthority(): TestAuthority {
  const folder = mkdtempSync(join(tmpdir(), "hallway-authority-"));
  let serial = 0;
  const openssl = (...args: readonly string[]) => void execFileSync("openssl", args, { stdio: "ignore" });
  const files = () => {
    const base = join(folder, String(++serial));
    return { base, path: `${base}.pem`, keyPath: `${base}.key` };
  };
  const read = ({ path, keyPath }: ReturnType<typeof files>): IssuedCertificate => ({
    path,
    keyPath,
    pem: readFileSync(path, "utf8"),
    key: readFileSync(keyPath, "utf8"),
  });
  const own = files();
  openssl(
    "req",
    "-x509",
    ...newKey,
    "-days",
    "2",
    "-subj",
    "/CN=authority of a test",
    "-keyout",
    own.keyPath,
    "-out",
    own.path,
  );
  const root = read(own);
  const issue = (
    name: string,
    extensions: readonly string[] = [],
    {
      under = root,
      days = "2",
      key = newKey,
      names = `subjectAltName=DNS:${name}`,
    }: { under?: IssuedCertificate; days?: string; key?: readonly string[]; names?: string } = {},
  ): IssuedCertificate => {
    const made = files();
    writeFileSync(`${made.base}.ext`, [names, ...extensions, ""].join("\n"));
    openssl("req", ...key, "-subj", `/CN=${name}`, "-keyout", made.keyPath, "-out", `${made.base}.csr`);
    const signing = [
      "-CA",
      under.path,
      "-CAkey",
      under.keyPath,
      "-set_serial",
      String(serial),
      "-days",
      days,
      "-extfile",
      `${made.base}.ext`,
    ];
    openssl("x509", "-req", "-in", `${made.base}.csr`, ...signing, "-out", made.path);
    return read(made);
  };
  return {
    root,
    issue: (name, extensions, under) => issue(name, extensions, under ? { under } : {}),
    issueExpired: (name) => issue(name, [], { days: "-1" }),
    issueWeak: (name) => issue(name, [], { key: weakKey }),
    issueCommonNames: (...names) => issue(names.join("/CN="), [], { names: "" }),
    remove: () => rmSync(folder, { recursive: true }),
  };
}

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { getCACertificates } from "node:tls";
import { Worker } from "node:worker_threads";

/** Where Linux distributions keep all anchors in one file: Debian and others, Fedora, openSUSE, Alpine. */
const bundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];
/** Anchors that are checked at a time: a millisecond of the main loop. */
const checkedAtOnce = 8;

let known: readonly string[] | undefined;

/**
 * The anchors of the operating system, PEM, read once. On Linux from its files and not by Node, which would look where
 * SSL_CERT_FILE and SSL_CERT_DIR point to; elsewhere from the system's own store. Where `readSystemAnchors` has not
 * come to its end, they are read now.
 */
export function systemAnchors(
  platform: NodeJS.Platform = process.platform,
  files: readonly string[] = bundles,
): readonly string[] {
  known ??= platform === "linux" ? fromFiles(files) : fromStore();
  return known;
}

/**
 * Reads them before they are needed, without holding up the main loop. Does not reject: what cannot be read is tried
 * again when it is needed.
 */
export async function readSystemAnchors(
  platform: NodeJS.Platform = process.platform,
  files: readonly string[] = bundles,
): Promise<void> {
  if (known !== undefined) return;
  const found = platform === "linux" ? await fromFilesInPieces(files) : await fromStoreInThread();
  if (found !== undefined) known ??= found;
}

function fromFiles(files: readonly string[]): readonly string[] {
  for (const path of files) {
    try {
      const found = anchorsIn(readFileSync(path, "latin1"));
      if (found.length > 0) return found.filter(isAnchor);
    } catch {
      // Another distribution's file.
    }
  }
  return [];
}

async function fromFilesInPieces(files: readonly string[]): Promise<readonly string[] | undefined> {
  for (const path of files) {
    const found = anchorsIn(await readFile(path, "latin1").catch(() => ""));
    if (found.length === 0) continue;
    const good: string[] = [];
    for (let from = 0; from < found.length; from += checkedAtOnce) {
      await new Promise((resolve) => setImmediate(resolve));
      good.push(...found.slice(from, from + checkedAtOnce).filter(isAnchor));
    }
    return good;
  }
  return undefined;
}

function anchorsIn(text: string): readonly string[] {
  return text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/** One that cannot be read must not keep the others from being used. */
function isAnchor(pem: string): boolean {
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

/** The store of macOS or Windows may take its time. */
function fromStoreInThread(): Promise<readonly string[] | undefined> {
  return new Promise((resolve) => {
    const source =
      'require("node:worker_threads").parentPort.postMessage(require("node:tls").getCACertificates("system"))';
    const thread = new Worker(source, { eval: true, env: {}, execArgv: [] });
    thread.unref();
    thread.once("message", (anchors: readonly string[]) => resolve(anchors));
    thread.once("error", () => resolve(undefined));
    thread.once("exit", () => resolve(undefined));
  });
}

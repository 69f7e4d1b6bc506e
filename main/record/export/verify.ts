import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { lstat, readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import * as v from "valibot";
import { parseJson } from "../../../shared/parse-json.ts";
import { isSignedText, readPublicKey } from "../../secrets/signing.ts";
import { type Manifest, ManifestSchema, manifestName, publicKeyName, signatureName } from "./manifest.ts";

/** One thing that is wrong with an export. `path`: of the file that it is about. */
export interface ExportFinding {
  readonly what:
    | "no-manifest"
    | "manifest-broken"
    | "no-signature"
    | "bad-signature"
    | "other-device"
    | "missing"
    | "changed"
    | "added";
  readonly path: string;
}

export interface ExportVerdict {
  /** Undefined: there is none that can be read. */
  readonly manifest: Manifest | undefined;
  /** In the order in which they were met; empty: it is as it was made. */
  readonly findings: readonly ExportFinding[];
}

/** Longest manifest that is read, in bytes: some millions of files. */
const maxManifest = 512 * 1024 * 1024;

/**
 * Whether an export is as it was made: the signature over its manifest, and the hash and size of each file; also files
 * that the manifest does not know. `device`: the public key that must have signed it, base64; without one, that of the
 * manifest itself counts, which tells that it is whole but not whose it is.
 */
export async function verifyExport(folder: string, device?: string): Promise<ExportVerdict> {
  const findings: ExportFinding[] = [];
  const find = (what: ExportFinding["what"], path: string): void => void findings.push({ what, path });
  const path = join(folder, manifestName);
  const size = (await lstat(path).catch(() => undefined))?.size ?? 0;
  const bytes = size > maxManifest ? undefined : await readFile(path).catch(() => undefined);
  if (!bytes) return { manifest: undefined, findings: [{ what: "no-manifest", path: manifestName }] };
  const parsed = v.safeParse(ManifestSchema, parseJson(bytes.toString("utf8")));
  if (!parsed.success) return { manifest: undefined, findings: [{ what: "manifest-broken", path: manifestName }] };
  const manifest = parsed.output;

  if (device !== undefined && device !== manifest.device) find("other-device", manifestName);
  const signature = await readFile(join(folder, signatureName), "utf8").catch(() => undefined);
  if (signature === undefined) find("no-signature", signatureName);
  else if (!(await isSigned(manifest.device, createHash("sha256").update(bytes).digest("hex"), signature.trim())))
    find("bad-signature", signatureName);

  const shown = await readFile(join(folder, publicKeyName), "utf8").catch(() => undefined);
  if (shown?.trim() !== publicKeyPem(manifest.device)?.trim())
    find(shown === undefined ? "missing" : "changed", publicKeyName);

  const known = new Set([manifestName, signatureName, publicKeyName]);
  for (const file of manifest.files) {
    known.add(file.path);
    const found = await lstat(join(folder, file.path)).catch(() => undefined);
    if (!found?.isFile()) find("missing", file.path);
    else if (found.size !== file.size || (await hashOfFile(join(folder, file.path))) !== file.sha256)
      find("changed", file.path);
  }
  for (const path of await pathsIn(folder)) if (!known.has(path)) find("added", path);
  return { manifest, findings };
}

async function isSigned(device: string, hash: string, signature: string): Promise<boolean> {
  try {
    return await isSignedText(readPublicKey(device), {
      purpose: "hallway export manifest 1",
      message: hash,
      signature,
    });
  } catch {
    return false;
  }
}

function publicKeyPem(device: string): string | undefined {
  try {
    return readPublicKey(device).export({ type: "spki", format: "pem" }).toString();
  } catch {
    return undefined;
  }
}

async function hashOfFile(path: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    for await (const part of createReadStream(path)) hash.update(part as Buffer);
  } catch {
    return undefined;
  }
  return hash.digest("hex");
}

/** Every file below a folder, with `/` between names. */
async function pathsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}

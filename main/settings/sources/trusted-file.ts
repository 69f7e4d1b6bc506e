import { constants, type Stats } from "node:fs";
import { lstat, open } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** Why a file does not count. `kind` as in PolicyProblem. */
export class FileRefused extends Error {
  readonly kind: "unreadable" | "untrusted";

  constructor(kind: FileRefused["kind"], detail: string, cause?: unknown) {
    super(detail, { cause });
    this.name = "FileRefused";
    this.kind = kind;
  }
}

const writableByOthers = 0o022;
const readableByOthers = 0o044;
const sticky = 0o1000;
const tries = 3;

/**
 * A folder counts when nobody but its owner and root could have put something else in its place: it and every folder
 * above it belongs to root or to `owner`, is no symbolic link, and is not writable by group or others (folders above
 * may be when they are sticky, such as /tmp, where others cannot rename what is not theirs). Errors: FileRefused;
 * ENOENT passes through.
 */
export async function checkFolder(folder: string, owner: number): Promise<void> {
  const own = resolve(folder);
  for (let path = own; ; path = dirname(path)) {
    const found = await lstat(path);
    if (found.isSymbolicLink() || !found.isDirectory())
      throw new FileRefused("untrusted", `${path} is not a real folder`);
    if (found.uid !== owner && found.uid !== 0) throw new FileRefused("untrusted", `${path} belongs to another user`);
    if (path === own && found.uid !== owner) throw new FileRefused("untrusted", `${path} belongs to another user`);
    const mode = found.mode;
    const safe = (mode & writableByOthers) === 0 || (path !== own && (mode & sticky) !== 0);
    if (!safe) throw new FileRefused("untrusted", `${path} can be written by others than its owner`);
    if (path === dirname(path)) return;
  }
}

/**
 * The bytes of a file that belongs to `owner`, is no symbolic link and is not writable by group or others, at most
 * `maxBytes` long. Looked at again after reading: a file that changed meanwhile is read again, three times at most.
 * Errors: FileRefused; ENOENT passes through.
 */
export async function readTrustedBytes(path: string, owner: number, maxBytes: number): Promise<Uint8Array> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const bytes = await readOnce(path, owner, maxBytes);
    if (bytes !== undefined) return bytes;
  }
  throw new FileRefused("unreadable", "it keeps changing while it is read");
}

/**
 * Refuses what its owner alone may read, when its owner looks: a policy is for everybody who uses the computer, and
 * root, who may read all, would find nothing wrong with it. Errors: FileRefused; ENOENT passes through.
 */
export async function checkReaders(path: string): Promise<void> {
  const { uid, mode } = await lstat(path);
  if (uid === process.geteuid?.() && (mode & readableByOthers) === 0)
    throw new FileRefused("unreadable", `nobody but its owner can read ${path}`);
}

/** Text in UTF-8. Errors: FileRefused. */
export function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new FileRefused("unreadable", "it is not in UTF-8", error);
  }
}

/** Undefined: it changed meanwhile. */
async function readOnce(path: string, owner: number, maxBytes: number): Promise<Uint8Array | undefined> {
  // No following of links, and no waiting for the other end of a pipe.
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK).catch(
    (error: unknown) => {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      if (code === "ENOENT") throw error;
      if (code === "ELOOP" || code === "EMLINK") throw new FileRefused("untrusted", "it is a symbolic link", error);
      throw new FileRefused("unreadable", `it cannot be opened (${String(code)})`, error);
    },
  );
  try {
    const before = await file.stat();
    checkFile(before, owner, maxBytes);
    const buffer = new Uint8Array(maxBytes + 1);
    let length = 0;
    for (;;) {
      const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
      length += bytesRead;
      if (bytesRead === 0 || length > maxBytes) break;
    }
    if (length > maxBytes) throw new FileRefused("unreadable", `it is longer than ${maxBytes} bytes`);
    const after = await file.stat();
    const named = await lstat(path);
    return same(before, after) && same(after, named) && length === after.size ? buffer.subarray(0, length) : undefined;
  } finally {
    await file.close();
  }
}

function checkFile(found: Stats, owner: number, maxBytes: number): void {
  if (!found.isFile()) throw new FileRefused("untrusted", "it is not a regular file");
  if (found.uid !== owner) throw new FileRefused("untrusted", "it belongs to another user");
  if ((found.mode & writableByOthers) !== 0)
    throw new FileRefused("untrusted", "it can be written by others than its owner");
  if (found.size > maxBytes) throw new FileRefused("unreadable", `it is longer than ${maxBytes} bytes`);
}

function same(a: Stats, b: Stats): boolean {
  return (
    a.ino === b.ino &&
    a.dev === b.dev &&
    a.size === b.size &&
    a.mtimeMs === b.mtimeMs &&
    a.ctimeMs === b.ctimeMs &&
    a.uid === b.uid &&
    a.mode === b.mode
  );
}

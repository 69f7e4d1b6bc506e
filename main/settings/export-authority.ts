import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import * as v from "valibot";
import { HallwayError } from "../../shared/errors.ts";
import { truncate } from "../../shared/text/truncate.ts";
import { isSigned, policyKey } from "./sources/signature.ts";
import { parseObject } from "./sources/strict-json.ts";
import { checkFolder, readTrustedBytes } from "./sources/trusted-file.ts";

/** Authority that lets IT export what is kept of a person, as the audit log and the manifest name it. */
export interface ExportAuthority {
  readonly who: string;
  /** Also while Hallway is locked. */
  readonly evenIfLocked: boolean;
}

/** Contents of an authorization file; docs/record.md describes it. */
const AuthorizationSchema = v.strictObject({
  authorization: v.literal("hallway export 1"),
  /** Name of the person who gives it. */
  by: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  matter: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
  /** The user of the system whose history it is about. */
  user: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  /** RFC 3339: after that it counts no more. */
  notAfter: v.pipe(
    v.string(),
    v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)$/),
    v.check((value) => Number.isFinite(Date.parse(value))),
  ),
  evenIfLocked: v.optional(v.boolean(), false),
});

const maxBytes = 64 * 1024;
const maxSignatureBytes = 4096;

export interface AuthorityParts {
  /** True when the administrator of the system runs the command. */
  readonly administrator: boolean;
  /** User of the system who runs the command. */
  readonly user: string;
  /** The user whose folder it is. */
  readonly owner: string;
  /** The authorization file; undefined: none was given. */
  readonly file: string | undefined;
  /** PolicyPublicKey of a policy that could be read whole; undefined: there is none. */
  readonly publicKey: unknown;
  /** Whom files of the administrator belong to: root, 0. Undefined: this system cannot say (Windows). */
  readonly root: number | undefined;
  readonly now: number;
}

/**
 * Whether an export may be made, and by whose leave: an authorization file that the policy's key has signed or that
 * only the administrator could have written, or the administrator themselves. Errors: `export-not-authorized`.
 */
export async function exportAuthority(parts: AuthorityParts): Promise<ExportAuthority> {
  const { administrator, user, file } = parts;
  if (file === undefined) {
    if (administrator) return { who: `administrator ${user}`, evenIfLocked: false };
    throw new HallwayError("export-not-authorized");
  }
  try {
    const path = resolve(file);
    const bytes = await readSigned(path, parts.publicKey).catch(() => readOwned(path, parts.root));
    const members = [...parseObject(new TextDecoder("utf-8", { fatal: true }).decode(bytes))].map(
      ([name, { value }]) => [name, value],
    );
    const {
      by,
      matter,
      user: about,
      notAfter,
      evenIfLocked,
    } = v.parse(AuthorizationSchema, Object.fromEntries(members));
    if (Date.parse(notAfter) < parts.now || (about !== parts.owner && !administrator))
      throw new HallwayError("export-not-authorized");
    return { who: matter === undefined ? by : `${by} (${matter})`, evenIfLocked };
  } catch (error) {
    throw new HallwayError("export-not-authorized", { file: truncate(file, 500) }, error);
  }
}

/** The content of a file that the policy's key has signed (`FILE.sig` beside it). Rejects when it has not. */
async function readSigned(path: string, publicKey: unknown): Promise<Uint8Array> {
  const key = policyKey(publicKey);
  for (const [one, most] of [
    [path, maxBytes],
    [`${path}.sig`, maxSignatureBytes],
  ] as const) {
    const found = await stat(one);
    if (!found.isFile() || found.size > most) throw new HallwayError("too-large");
  }
  const [bytes, signature] = await Promise.all([readFile(path), readFile(`${path}.sig`)]);
  if (key === undefined || !isSigned(key, bytes, signature)) throw new HallwayError("export-not-authorized");
  return bytes;
}

/** The content of a file that nobody but the administrator could have put there. Rejects when somebody else could. */
async function readOwned(path: string, root: number | undefined): Promise<Uint8Array> {
  if (root === undefined) throw new HallwayError("export-not-authorized");
  await checkFolder(dirname(path), root);
  return await readTrustedBytes(path, root, maxBytes);
}

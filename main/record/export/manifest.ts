import * as v from "valibot";
import { ExportFormatSchema } from "../../../shared/model/export.ts";

/** Names of what stands beside the exported files. */
export const manifestName = "manifest.json";
/** Base64 of the Ed25519 signature, one line. */
export const signatureName = "manifest.sig";
/** The public key of the device, PEM (SubjectPublicKeyInfo, RFC 8410). */
export const publicKeyName = "manifest.pub.pem";

/** Maker of an export, and the program used. */
export interface ExportMaker {
  /** `it`: on the command line, not bound by what the person may do. */
  readonly madeBy: "person" | "it";
  /** Name of the user of the operating system. */
  readonly user: string;
  /** By whose leave, for an export of IT. */
  readonly authorizedBy?: string;
  readonly version: string;
  /** Base64 of the 32 bytes of the device's Ed25519 key. */
  readonly publicKey: string;
}

const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** A path in an export: names of safe letters with `/` between, no way up. */
const FilePathSchema = v.pipe(
  v.string(),
  v.regex(/^[a-z0-9_@][a-z0-9@._-]*(\/[a-z0-9_@][a-z0-9@._-]*)?$/),
  v.maxLength(300),
);

/** manifest.json; docs/record.md describes it. `manifest` counts its versions. */
export const ManifestSchema = v.object({
  manifest: v.literal(1),
  product: v.literal("Hallway"),
  version: v.string(),
  format: ExportFormatSchema,
  madeBy: v.picklist(["person", "it"]),
  user: v.string(),
  authorizedBy: v.exactOptional(v.string()),
  device: v.string(),
  query: v.record(v.string(), v.unknown()),
  started: v.string(),
  files: v.array(v.object({ path: FilePathSchema, size: count, sha256 })),
  messages: count,
  conversations: count,
  first: v.nullable(v.string()),
  last: v.nullable(v.string()),
  bytes: count,
  finished: v.string(),
});
export type Manifest = v.InferOutput<typeof ManifestSchema>;

/** Beginning of a manifest. */
export type ManifestHead = Omit<
  Manifest,
  "manifest" | "product" | "files" | "messages" | "conversations" | "first" | "last" | "bytes" | "finished"
>;
/** Part of a manifest that is known at the end only. */
export type ManifestEnd = Pick<Manifest, "messages" | "conversations" | "first" | "last" | "bytes" | "finished">;
export type ManifestFile = Manifest["files"][number];

/** Text that is gathered before it is written, in UTF-16 units. */
const gathered = 64 * 1024;

/** Writes a manifest piece by piece, for the list of files may be long. */
export class ManifestWriter {
  readonly #write: (bytes: Uint8Array) => void;
  #text: string;
  #isFirst = true;

  constructor(write: (bytes: Uint8Array) => void, head: ManifestHead) {
    this.#write = write;
    this.#text = `${JSON.stringify({ manifest: 1, product: "Hallway", ...head }).slice(0, -1)},"files":[`;
  }

  file(file: ManifestFile): void {
    this.#text += `${this.#isFirst ? "\n" : ",\n"}${JSON.stringify(file)}`;
    this.#isFirst = false;
    if (this.#text.length >= gathered) this.#flush();
  }

  end(end: ManifestEnd): void {
    this.#text += `\n],${JSON.stringify(end).slice(1)}\n`;
    this.#flush();
  }

  #flush(): void {
    this.#write(Buffer.from(this.#text));
    this.#text = "";
  }
}

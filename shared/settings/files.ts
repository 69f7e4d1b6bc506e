import * as v from "valibot";
import { absent, declare, itDecides, personOrPolicy } from "./declare.ts";
import { absolutePath, formOf, host, port } from "./forms.ts";
import { boolean, choice, integer, list, structure } from "./kinds.ts";

/** Without its dot; `*` is every file. */
const extension = v.pipe(
  v.string(),
  v.maxLength(32),
  formOf(/^(?:\*|[\p{L}\p{N}_+-]+(?:\.[\p{L}\p{N}_+-]+)*)$/u, "extension"),
);

/** A media type (RFC 6838 section 4.2), `type/*` or `*` with `/*` for every one. */
const mediaType = v.pipe(
  v.string(),
  v.maxLength(255),
  formOf(/^(?:\*\/\*|[a-z0-9][a-z0-9!#$&^_.+-]*\/(?:\*|[a-z0-9][a-z0-9!#$&^_.+-]*))$/, "media-type"),
);

const ScannerSchema = v.variant("type", [
  v.strictObject({ type: v.literal("clamd"), socket: absolutePath }),
  v.strictObject({ type: v.literal("clamd-tcp"), host, port: v.optional(port, 3310) }),
  /** Exit status 0: clean. The file's path comes as the last argument. */
  v.strictObject({
    type: v.literal("command"),
    path: absolutePath,
    arguments: v.optional(v.pipe(v.array(v.pipe(v.string(), v.maxLength(1000))), v.maxLength(50))),
  }),
]);

export const files = {
  FileSendEnabled: declare({ ...boolean(), ...itDecides, ...absent, default: true, restricted: false, example: false }),
  FileReceiveEnabled: declare({
    ...boolean(),
    ...itDecides,
    ...absent,
    default: true,
    restricted: false,
    example: false,
  }),
  /** May files go to and come from people outside the own domains? */
  FileExternalEnabled: declare({
    ...boolean(),
    ...itDecides,
    ...absent,
    default: true,
    restricted: false,
    example: false,
  }),
  /** In KiB, both directions. */
  FileMaxKb: declare({
    ...integer(0, 104_857_600),
    ...itDecides,
    ...absent,
    default: 1_048_576,
    restricted: 0,
    example: 10_240,
  }),
  FileBlockedExtensions: declare({
    ...list(extension, 1000),
    ...itDecides,
    ...absent,
    default: [],
    restricted: ["*"],
    example: ["exe", "scr", "js", "tar.gz"],
  }),
  /** By what a file holds, whatever its name. */
  FileBlockedTypes: declare({
    ...list(mediaType, 1000),
    ...itDecides,
    ...absent,
    default: [],
    restricted: ["*/*"],
    example: ["application/x-msdownload", "video/*"],
  }),
  /** `server`: only through the server's own storage, never between two computers directly. */
  FileTransport: declare({
    ...choice(["any", "server"]),
    ...itDecides,
    ...absent,
    default: "any",
    restricted: "server",
    example: "server",
  }),
  /** Are files of contacts fetched without asking? */
  FileAutoAcceptEnabled: declare({
    ...boolean(),
    ...personOrPolicy,
    ...absent,
    tighten: true,
    default: false,
    restricted: false,
    example: false,
  }),
  FileEncryptionRequired: declare({
    ...boolean(),
    ...itDecides,
    ...absent,
    default: false,
    restricted: true,
    example: true,
  }),
  FileScanner: declare({
    ...structure(v.nullable(ScannerSchema)),
    ...itDecides,
    ...absent,
    group: "scanner",
    default: null,
    restricted: null,
    example: { type: "clamd", socket: "/run/clamav/clamd.ctl" },
  }),
  /** True: what no scanner has found clean is neither sent nor opened. */
  FileScannerRequired: declare({
    ...boolean(),
    ...itDecides,
    ...absent,
    group: "scanner",
    default: false,
    restricted: true,
    example: true,
  }),
} as const;

import { parseArgs } from "node:util";
import { type ExportFormat, exportFormats } from "../../shared/model/export.ts";
import { parsePeriod } from "../../shared/model/search-dates.ts";
import { parseAddress } from "../addressing/parse-address.ts";
import type { RecordQuery } from "../history/recorded-message.ts";
import { asksForHelp } from "./command.ts";

export interface ExportRequest {
  readonly format: ExportFormat;
  readonly out: string;
  readonly query: RecordQuery;
  /** File that authorizes it. */
  readonly authorization: string | undefined;
}

export interface VerifyRequest {
  readonly folder: string;
  /** Key that has to have made it; undefined: whose it is is not known. */
  readonly device: string | undefined;
  readonly json: boolean;
}

/** Parsed request for an export. `wrong`: it makes no sense; `what` is the argument that does not, where it is one. */
export type ExportAsked =
  | { readonly command: "help" }
  | { readonly command: "wrong"; readonly what: string | undefined }
  | ({ readonly command: "verify" } & VerifyRequest)
  | ({ readonly command: "make" } & ExportRequest);

class Wrong extends Error {}

/**
 * Reads the arguments of `hallway export`. An option that is not known is not passed over, for it may have been meant
 * to narrow something.
 */
export function parseExport(args: readonly string[], now: number): ExportAsked {
  const [first, ...rest] = args;
  if (first === undefined || asksForHelp(args, ["verify"])) return { command: "help" };
  try {
    return first === "verify" ? parseVerify(rest) : parseMake(args, now);
  } catch (error) {
    return { command: "wrong", what: error instanceof Wrong ? error.message : undefined };
  }
}

function parseVerify(args: readonly string[]): ExportAsked {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { device: { type: "string" }, json: { type: "boolean" } },
    allowPositionals: true,
  });
  const [folder, ...more] = positionals;
  if (folder === undefined || more.length > 0) return { command: "wrong", what: more[0] };
  return { command: "verify", folder, device: values.device, json: values.json === true };
}

function parseMake(args: readonly string[], now: number): ExportAsked {
  const { values } = parseArgs({
    args: [...args],
    options: {
      format: { type: "string" },
      out: { type: "string" },
      with: { type: "string", multiple: true },
      room: { type: "string", multiple: true },
      from: { type: "string" },
      to: { type: "string" },
      direction: { type: "string" },
      text: { type: "string" },
      "has-file": { type: "boolean" },
      authorization: { type: "string" },
    },
  });
  const format = exportFormats.find((name) => name === values.format);
  if (format === undefined) throw new Wrong(values.format ?? "--format");
  if (values.out === undefined || values.out === "") throw new Wrong("--out");
  const { direction, text } = values;
  if (direction !== undefined && direction !== "in" && direction !== "out") throw new Wrong(direction);
  const peers = [...(values.with ?? []), ...(values.room ?? [])].flatMap(addressesOf);
  const from = values.from === undefined ? undefined : moment(values.from, "from", now);
  const to = values.to === undefined ? undefined : moment(values.to, "to", now);
  if (from !== undefined && to !== undefined && from >= to) throw new Wrong(`${values.from} ${values.to}`);
  const query: RecordQuery = {
    ...(peers.length === 0 ? {} : { peers: [...new Set(peers)] }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(direction === undefined ? {} : { direction }),
    ...(text === undefined ? {} : { text }),
    ...(values["has-file"] === true ? { hasFile: true } : {}),
    // What the person deleted and a rule keeps is for IT to see.
    deleted: true,
  };
  return { command: "make", format, out: values.out, query, authorization: values.authorization };
}

/** In the form of each network: case counts on SIP and not on XMPP. */
function addressesOf(text: string): string[] {
  try {
    return [parseAddress(text).address, parseAddress(text, "xmpp").address];
  } catch {
    throw new Wrong(text);
  }
}

/** A moment (RFC 3339), or a day, month or year, all of which is meant; in the zone of this computer. */
function moment(text: string, end: "from" | "to", now: number): number {
  if (text.includes("T")) {
    const at = Date.parse(text);
    if (Number.isNaN(at)) throw new Wrong(text);
    return at;
  }
  const period = parsePeriod(text, now, "ymd");
  if (!period) throw new Wrong(text);
  return period[end];
}

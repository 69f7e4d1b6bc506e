import { createReadStream } from "node:fs";
import * as v from "valibot";
import { isSignedText, readPublicKey } from "../../secrets/signing.ts";

/**
 * Heads of audit logs that were sent with the feed and signed well: by device (its public key, base64), hashes of
 * entries by their number.
 */
export type SentHeads = ReadonlyMap<string, ReadonlyMap<number, string>>;

/** As audit-parcels.ts writes it. */
const HeadSchema = v.object({
  n: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
  hash: v.string(),
  device: v.string(),
  signature: v.string(),
});
const beginning = '{"audit":"head"';
/** A head is a short line; longer ones are other things, in UTF-16 units. */
const maxLine = 16_384;

/**
 * Finds the heads in what an archive keeps of the feed, whichever way it came: JSON Lines, syslog messages, one file
 * for each item, parts of a POST. What is not signed by the device that it names does not count. Where a device signed
 * two for one entry, no entry is that one (hash ""). Rejects when the file cannot be read.
 */
export async function readSentHeads(path: string): Promise<SentHeads> {
  const heads = new Map<string, Map<number, string>>();
  for await (const line of shortLines(path)) {
    const head = readHead(line);
    if (!head) continue;
    const known = heads.get(head.device) ?? new Map<number, string>();
    const before = known.get(head.n);
    known.set(head.n, before === undefined || before === head.hash ? head.hash : "");
    heads.set(head.device, known);
  }
  return heads;
}

function readHead(line: string): v.InferOutput<typeof HeadSchema> | undefined {
  const at = line.indexOf(beginning);
  if (at < 0) return undefined;
  try {
    const { output, success } = v.safeParse(HeadSchema, JSON.parse(line.slice(at)));
    if (!success) return undefined;
    const { n, hash, device, signature } = output;
    return isSignedText(readPublicKey(device), { purpose: "hallway audit head 1", message: `${n} ${hash}`, signature })
      ? output
      : undefined;
  } catch {
    return undefined;
  }
}

/** However large the file and whatever is in it. */
async function* shortLines(path: string): AsyncGenerator<string> {
  let rest = "";
  let tooLong = false;
  for await (const chunk of createReadStream(path, "utf8") as AsyncIterable<string>) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      if (!tooLong && line.length <= maxLine) yield line;
      tooLong = false;
    }
    if (rest.length > maxLine) {
      rest = "";
      tooLong = true;
    }
  }
  if (!tooLong) yield rest;
}

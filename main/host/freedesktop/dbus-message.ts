import { aligned, DbusReader, type DbusValue } from "./dbus-values.ts";

/** Types of a message (D-Bus Specification, "Message Format"). */
const types = { call: 1, answer: 2, error: 3, signal: 4 } as const;
/** Codes of the fields of a header. */
const fields = {
  path: 1,
  interface: 2,
  member: 3,
  error: 4,
  answers: 5,
  destination: 6,
  sender: 7,
  signature: 8,
} as const;

/** Asks that no service is started for a call: it is asked whether something is there. */
const noAutoStart = 2;
/** Length of a header without its fields, in bytes. */
const fixedLength = 16;
/** Longest message that is read, in bytes; the specification allows 128 MiB. */
export const maxMessageLength = 1_048_576;

export interface DbusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly args?: readonly string[];
}

/** Message that a bus has delivered. */
export interface DbusMessage {
  readonly type: "answer" | "error" | "signal" | "other";
  /** Serial of the call that an answer or an error belongs to. */
  readonly answers: number | undefined;
  /** Unique name of whoever sent it, as the bus itself writes it. */
  readonly sender: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  /** Name of an error. */
  readonly error: string;
  readonly body: readonly DbusValue[];
}

/** A method call as bytes; its arguments are texts. */
export function writeCall(serial: number, call: DbusCall): Buffer {
  const { args = [] } = call;
  const body = textsOf(args);
  const header = [
    field(fields.path, "o", call.path),
    field(fields.interface, "s", call.interface),
    field(fields.member, "s", call.member),
    field(fields.destination, "s", call.destination),
    ...(args.length === 0 ? [] : [signatureField("s".repeat(args.length))]),
  ];
  const last = header.at(-1) ?? Buffer.alloc(0);
  // Every field starts at 8 bytes; the padding of the last is none of the array's.
  const padded = Buffer.concat([...header.slice(0, -1).map((each) => pad(each, 8)), last]);
  const fixed = Buffer.alloc(fixedLength);
  fixed.write("l", 0);
  fixed.set([types.call, noAutoStart, 1], 1);
  fixed.writeUInt32LE(body.length, 4);
  fixed.writeUInt32LE(serial, 8);
  fixed.writeUInt32LE(padded.length, 12);
  return Buffer.concat([pad(Buffer.concat([fixed, padded]), 8), body]);
}

/** Takes whole messages from the front of a stream; throws a RangeError when the stream is none of messages. */
export function takeMessage(stream: Buffer): { readonly message: DbusMessage; readonly length: number } | undefined {
  if (stream.length < fixedLength) return undefined;
  const littleEndian = stream[0] === 0x6c;
  if (!littleEndian && stream[0] !== 0x42) throw new RangeError("no message of D-Bus");
  const number = (at: number): number => (littleEndian ? stream.readUInt32LE(at) : stream.readUInt32BE(at));
  const bodyAt = aligned(fixedLength + number(12), 8);
  const length = bodyAt + number(4);
  if (length > maxMessageLength) throw new RangeError("a message is too long");
  if (stream.length < length) return undefined;
  // The array of fields begins with its length.
  const [all] = new DbusReader(stream.subarray(8, bodyAt), littleEndian).read("ua(yv)").slice(1);
  const header = new Map<number, DbusValue>();
  for (const entry of Array.isArray(all) ? all : []) header.set(Number(entry[0]), entry[1]);
  const text = (code: number): string => {
    const value = header.get(code);
    return typeof value === "string" ? value : "";
  };
  const answers = header.get(fields.answers);
  return {
    message: {
      type: typeOf(stream[1]),
      answers: typeof answers === "number" ? answers : undefined,
      sender: text(fields.sender),
      path: text(fields.path),
      interface: text(fields.interface),
      member: text(fields.member),
      error: text(fields.error),
      body: new DbusReader(stream.subarray(bodyAt, length), littleEndian).read(text(fields.signature)),
    },
    length,
  };
}

function typeOf(code: number | undefined): DbusMessage["type"] {
  if (code === types.answer) return "answer";
  if (code === types.error) return "error";
  return code === types.signal ? "signal" : "other";
}

/** A field of a header: a byte, then a variant that holds a text. */
function field(code: number, type: "s" | "o", text: string): Buffer {
  return Buffer.concat([Buffer.from([code, 1, type.charCodeAt(0), 0]), textOf(text)]);
}

function signatureField(signature: string): Buffer {
  const text = Buffer.from(signature);
  return Buffer.concat([Buffer.from([fields.signature, 1, 0x67, 0, text.length]), text, Buffer.alloc(1)]);
}

/** Texts one behind the other, each beginning at 4 bytes. */
function textsOf(texts: readonly string[]): Buffer {
  let all = Buffer.alloc(0);
  for (const text of texts) all = Buffer.concat([pad(all, 4), textOf(text)]);
  return all;
}

function textOf(text: string): Buffer {
  const bytes = Buffer.from(text);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(bytes.length);
  return Buffer.concat([length, bytes, Buffer.alloc(1)]);
}

function pad(bytes: Buffer, to: number): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(aligned(bytes.length, to) - bytes.length)]);
}

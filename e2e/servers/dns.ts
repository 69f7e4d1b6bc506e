import { createSocket } from "node:dgram";
import { Resolver } from "node:dns/promises";
import type { DnsResolver } from "../../main/networks/dns.ts";

/** Record of a domain in a private DNS. */
export interface ZoneRecord {
  readonly a?: readonly string[];
  readonly srv?: readonly {
    readonly name: string;
    readonly port: number;
    readonly priority?: number;
    readonly weight?: number;
  }[];
  readonly naptr?: readonly {
    readonly flags: string;
    readonly service: string;
    readonly replacement: string;
    readonly regexp?: string;
    readonly order?: number;
    readonly preference?: number;
  }[];
  /** The server fails for this name whatever is asked. */
  readonly broken?: true;
}

/** Names in lower case to what they say; a name that is not there does not exist. */
export type Zone = ReadonlyMap<string, ZoneRecord>;

/** A name server on the loopback, over UDP, that knows one zone and nothing else. */
export interface DnsServer {
  readonly port: number;
  /** Names asked for so far, as `type name`. */
  readonly asked: readonly string[];
  /** The resolver of the system's own library (c-ares), pointed at this server only. */
  resolver(): DnsResolver;
  close(): Promise<void>;
}

const types = { a: 1, srv: 33, naptr: 35 } as const;
const inClass = 1;
const noSuchName = 3;
const serverFailure = 2;
const responseFlags = 0x8580;
const ttl = 1;

/**
 * Starts it, on a free port unless told otherwise. Messages and records follow RFC 1035 section 4, RFC 2782 and RFC
 * 3403.
 */
export async function startDns(
  zone: Zone,
  place: { readonly address: string; readonly port: number } = { address: "127.0.0.1", port: 0 },
): Promise<DnsServer> {
  const socket = createSocket("udp4");
  const asked: string[] = [];
  socket.on("message", (query, from) => {
    const question = readQuestion(query);
    if (!question) return;
    asked.push(`${question.type} ${question.name}`);
    socket.send(answer(query, question, zone), from.port, from.address);
  });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(place.port, place.address, resolve);
  });
  const { port } = socket.address();
  return {
    port,
    asked,
    resolver() {
      const resolver = new Resolver({ timeout: 1000, tries: 2 });
      resolver.setServers([`${place.address}:${port}`]);
      return {
        resolveSrv: (name) => resolver.resolveSrv(name),
        resolveNaptr: (name) => resolver.resolveNaptr(name),
        lookup: async (host) => {
          const addresses =
            host === "127.0.0.1" || host === "localhost" ? ["127.0.0.1"] : await resolver.resolve4(host);
          return addresses.map((address) => ({ address, family: 4 as const }));
        },
      };
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

interface Question {
  readonly name: string;
  readonly type: number;
  /** Where the question section ends. */
  readonly end: number;
}

function readQuestion(query: Buffer): Question | undefined {
  const labels: string[] = [];
  let at = 12;
  for (;;) {
    const length = query[at];
    if (length === undefined || length > 63) return undefined;
    at++;
    if (length === 0) break;
    labels.push(query.toString("latin1", at, at + length));
    at += length;
  }
  return at + 4 > query.length
    ? undefined
    : { name: labels.join(".").toLowerCase(), type: query.readUInt16BE(at), end: at + 4 };
}

function answer(query: Buffer, question: Question, zone: Zone): Buffer {
  const record = zone.get(question.name);
  const data = record && !record.broken ? recordData(record, question.type) : [];
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(responseFlags | (record === undefined ? noSuchName : record.broken ? serverFailure : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(data.length, 6);
  const records = data.map((bytes) => {
    const head = Buffer.alloc(12);
    // a pointer to the name in the question
    head.writeUInt16BE(0xc00c, 0);
    head.writeUInt16BE(question.type, 2);
    head.writeUInt16BE(inClass, 4);
    head.writeUInt32BE(ttl, 6);
    head.writeUInt16BE(bytes.length, 10);
    return Buffer.concat([head, bytes]);
  });
  return Buffer.concat([header, query.subarray(12, question.end), ...records]);
}

function recordData({ a = [], srv = [], naptr = [] }: ZoneRecord, type: number): readonly Buffer[] {
  if (type === types.a) return a.map((address) => Buffer.from(address.split(".").map(Number)));
  if (type === types.srv) {
    return srv.map(({ name, port, priority = 0, weight = 0 }) =>
      Buffer.concat([numbers(priority, weight, port), domainName(name)]),
    );
  }
  if (type === types.naptr) {
    return naptr.map(({ flags, service, replacement, regexp = "", order = 10, preference = 10 }) =>
      Buffer.concat([numbers(order, preference), text(flags), text(service), text(regexp), domainName(replacement)]),
    );
  }
  return [];
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  for (const [index, value] of values.entries()) bytes.writeUInt16BE(value, index * 2);
  return bytes;
}

function text(value: string): Buffer {
  return Buffer.concat([Buffer.of(value.length), Buffer.from(value, "latin1")]);
}

/** `.` and the empty name are the root: "this service is not offered here" (RFC 2782). */
function domainName(name: string): Buffer {
  return Buffer.concat([
    ...name
      .split(".")
      .filter((label) => label !== "")
      .map(text),
    Buffer.of(0),
  ]);
}

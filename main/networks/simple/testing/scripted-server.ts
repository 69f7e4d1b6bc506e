import net from "node:net";
import tls from "node:tls";
import { SipFramer } from "../transports/framer.ts";
import { parseMessage, type SipMessage, type SipRequest, type SipResponse } from "../wire/message.ts";

/**
 * Answer of a script to a request: a status with whole header lines, or nothing at all. `via`: what becomes of each
 * Via.
 */
export type Answer =
  | {
      readonly status: number;
      readonly headers?: readonly string[];
      readonly body?: string;
      readonly via?: (own: string) => string;
    }
  | undefined;
/** Called for every request; `times`: how many of this method came before it. */
export type Script = (request: SipRequest, times: number) => Answer;

/** A SIP server on loopback that does what a test tells it. */
export interface ScriptedServer {
  readonly port: number;
  /** All that it got, in order. */
  readonly received: readonly SipMessage[];
  /** Pings that it got. */
  readonly pings: number;
  answersPings: boolean;
  script: Script;
  /** Told all bytes that it gets, before they are read. */
  onBytes: (bytes: Uint8Array) => void;
  /**
   * Sends a request to the client that registered last. `headers`: whole lines; From, To, Via, Call-ID and CSeq are
   * made up unless given.
   */
  request(method: string, headers?: readonly string[], body?: string | Uint8Array): void;
  /** Sends a request as `request` does, and resolves with the client's answer to it. */
  ask(method: string, headers?: readonly string[], body?: string | Uint8Array): Promise<SipResponse>;
  /** Writes bytes as they are. */
  raw(bytes: string | Uint8Array): void;
  /** Resolves with the first message, past or to come, that fits. */
  got(fits: (message: SipMessage) => boolean): Promise<SipMessage>;
  /** Breaks every connection. */
  cut(): void;
  close(): Promise<void>;
}

const patience = 30_000;

/** Answers what a friendly server would. */
export const friendly: Script = (request, times) => {
  switch (request.method) {
    case "REGISTER":
      return { status: 200, headers: [`Contact: ${request.headers.get("contact") ?? ""}`] };
    case "PUBLISH":
      return { status: 200, headers: [`SIP-ETag: e${times}`, "Expires: 300"] };
    case "SUBSCRIBE":
      return { status: 200, headers: ["Expires: 600", "Contact: <sip:presence@127.0.0.1>"] };
    default:
      return { status: 200 };
  }
};

/** `certificate`: the server speaks TLS, with this PEM and its key; absent: clear text. */
export async function startScriptedServer(
  script: Script = friendly,
  certificate?: { readonly key: string; readonly pem: string },
): Promise<ScriptedServer> {
  const sockets = new Set<net.Socket>();
  const received: SipMessage[] = [];
  const waiting = new Set<() => void>();
  const counts = new Map<string, number>();
  let last: net.Socket | undefined;
  let contact = "sip:nobody@127.0.0.1";
  let sequence = 0;
  let pings = 0;
  const serve = (socket: net.Socket): void => {
    sockets.add(socket);
    last = socket;
    const framer = new SipFramer();
    socket.on("error", () => undefined);
    socket.on("close", () => sockets.delete(socket));
    socket.on("data", (chunk) => {
      server.onBytes(chunk);
      for (const frame of framer.feed(chunk)) {
        if (frame.type === "ping") {
          pings += 1;
          if (server.answersPings) socket.write("\r\n");
        } else if (frame.type === "message") take(socket, parseMessage(frame.head, frame.body));
      }
    });
  };
  const listener = certificate
    ? tls.createServer({ key: certificate.key, cert: certificate.pem }, serve)
    : net.createServer(serve);
  const take = (socket: net.Socket, message: SipMessage): void => {
    received.push(message);
    for (const look of [...waiting]) look();
    if (message.kind !== "request") return;
    if (message.method === "REGISTER") contact = /<([^>]+)>/.exec(message.headers.get("contact") ?? "")?.[1] ?? contact;
    const times = counts.get(message.method) ?? 0;
    counts.set(message.method, times + 1);
    const answer = server.script(message, times);
    if (!answer) return;
    const to = message.headers.get("to") ?? "";
    const lines = [
      `SIP/2.0 ${answer.status} Scripted`,
      ...message.headers.all("via").map((v) => `Via: ${answer.via ? answer.via(v) : v}`),
      `From: ${message.headers.get("from") ?? ""}`,
      `To: ${to.includes("tag=") ? to : `${to};tag=server`}`,
      `Call-ID: ${message.callId}`,
      `CSeq: ${message.cseq.number} ${message.cseq.method}`,
      ...(answer.headers ?? []),
      `Content-Length: ${Buffer.byteLength(answer.body ?? "")}`,
    ];
    socket.write(`${lines.join("\r\n")}\r\n\r\n${answer.body ?? ""}`);
  };
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const address = listener.address();
  const server: ScriptedServer = {
    port: typeof address === "object" && address ? address.port : 0,
    received,
    get pings() {
      return pings;
    },
    answersPings: true,
    script,
    onBytes: () => undefined,
    request(method, headers = [], body = "") {
      sequence += 1;
      const has = (name: string): boolean => headers.some((h) => h.toLowerCase().startsWith(`${name}:`));
      const lines = [
        `${method} ${contact} SIP/2.0`,
        ...(has("via") ? [] : [`Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bKserver${sequence}`]),
        ...(has("from") ? [] : ["From: <sip:bob@example.test>;tag=bob"]),
        ...(has("to") ? [] : ["To: <sip:alice@example.test>"]),
        ...(has("call-id") ? [] : [`Call-ID: server-${sequence}`]),
        ...(has("cseq") ? [] : [`CSeq: ${sequence} ${method}`]),
        ...headers,
        ...(has("content-length") ? [] : [`Content-Length: ${Buffer.byteLength(body)}`]),
      ];
      last?.write(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), Buffer.from(body)]));
    },
    async ask(method, headers = [], body = "") {
      const said = (name: string, otherwise: string): string =>
        headers.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2) ?? otherwise;
      const callId = said("Call-ID", `server-${sequence + 1}`);
      const cseq = said("CSeq", `${sequence + 1} ${method}`);
      const isAnswer = (m: SipMessage): m is SipResponse =>
        m.kind === "response" && m.callId === callId && `${m.cseq.number} ${m.cseq.method}` === cseq;
      const before = received.filter(isAnswer).length;
      server.request(method, headers, body);
      return (await server.got((m) => received.filter(isAnswer).indexOf(m as SipResponse) >= before)) as SipResponse;
    },
    raw(bytes) {
      last?.write(bytes);
    },
    got: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = received.find(fits);
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`not among ${received.map((m) => (m.kind === "request" ? m.method : m.status)).join(" ")}`));
        }, patience);
        waiting.add(look);
        look();
      }),
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      this.cut();
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
  return server;
}

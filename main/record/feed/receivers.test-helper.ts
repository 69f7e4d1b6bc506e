import { createServer as createHttps } from "node:https";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer as createTls } from "node:tls";
import { noRules } from "../../networks/connection-rules.ts";
import type { ServerReach } from "../../networks/dial-host.ts";
import { createSystemDns } from "../../networks/system-dns.ts";
import { createTestCertificate, type TestCertificate } from "../../networks/xmpp/testing/certificate.ts";
import type { ComplianceFeedOptions } from "./open-compliance-feed.ts";

/** Servers as they are reached where no policy says anything. */
export function freeReach(more: Partial<ServerReach> = {}): ServerReach {
  return { dns: createSystemDns(), extraTrust: [], minTlsVersion: "TLSv1.2", rules: noRules, ...more };
}

let certificate: TestCertificate | undefined;

/** A certificate for localhost that vouches for itself; made once. */
export function localhost(): TestCertificate {
  certificate ??= createTestCertificate("localhost");
  return certificate;
}

/** An archive that has to have everything, in a folder, and that tries again soon. */
export function inFolder(
  place: () => string,
): Pick<ComplianceFeedOptions, "policy" | "reach" | "audit" | "log" | "retryAfter" | "firstWait"> {
  return {
    policy: {
      scope: () => "all",
      destination: () => ({ type: "folder", path: place() }),
      format: () => "json",
      required: () => true,
      allowedDomains: () => [],
      reaching: () => "",
      onChange: () => () => undefined,
    },
    reach: freeReach(),
    audit: () => undefined,
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    retryAfter: 50,
    firstWait: 20,
  };
}

/** For a queue that is never lost. */
export const neverLost: Pick<ComplianceFeedOptions, "progress" | "record"> = {
  progress: { read: async () => undefined, write: async () => undefined },
  record: Promise.resolve({ record: async () => ({ messages: [], next: undefined }) }),
};

interface Receiver {
  readonly port: number;
  stop(): Promise<void>;
}

async function listening(server: Server, closeAll: () => void, port: number): Promise<Receiver> {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        closeAll();
      }),
  };
}

/** A syslog server over TLS that keeps what it received. */
export interface SyslogReceiver extends Receiver {
  /** Whole messages, in the order of their arrival. */
  readonly messages: string[];
  /** How it ends connections: after reading to the end, with a reset, never, or at once without reading. */
  manner: "orderly" | "reset" | "never" | "early";
}

export async function startSyslogReceiver(
  port = 0,
  { key, pem }: Pick<TestCertificate, "key" | "pem"> = localhost(),
  maxVersion?: "TLSv1.2",
): Promise<SyslogReceiver> {
  const messages: string[] = [];
  /** Connections, also those that never came to be secured. */
  const sockets = new Set<Socket>();
  const server = createTls({ key, cert: pem, allowHalfOpen: true, ...(maxVersion ? { maxVersion } : {}) }, (socket) => {
    socket.on("error", () => undefined);
    if (receiver.manner === "early") {
      socket.end();
      return;
    }
    let buffer: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      buffer = Buffer.concat([buffer, chunk]);
      for (let found = frame(buffer); found; found = frame(buffer)) {
        messages.push(found.message);
        buffer = found.rest;
      }
    });
    socket.once("end", () => {
      if (receiver.manner === "orderly") socket.end();
      // Without TLS's goodbye, in the middle of things.
      else if (receiver.manner === "reset") socket.destroy(new Error("reset"));
    });
  });
  server.on("tlsClientError", () => undefined);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  const base = await listening(
    server,
    () => {
      for (const socket of sockets) socket.destroy();
    },
    port,
  );
  const receiver: SyslogReceiver = { ...base, messages, manner: "orderly" };
  return receiver;
}

/** RFC 5425 section 4.3: MSG-LEN SP SYSLOG-MSG. */
function frame(buffer: Buffer): { readonly message: string; readonly rest: Buffer } | undefined {
  const space = buffer.indexOf(32);
  if (space < 1) return undefined;
  const end = space + 1 + Number(buffer.toString("ascii", 0, space));
  return buffer.length < end
    ? undefined
    : { message: buffer.toString("utf8", space + 1, end), rest: buffer.subarray(end) };
}

interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** An HTTPS server that keeps what was posted and answers as it is told. */
export interface HttpsReceiver extends Receiver {
  readonly requests: Received[];
  /** Answer to a request: a whole one, none, half of one, or a connection that breaks before it is read. */
  answer: (
    request: Received,
  ) => { readonly status: number; readonly headers?: Readonly<Record<string, string>> } | "stall" | "half" | "break";
}

export async function startHttpsReceiver(
  port = 0,
  { key, pem }: Pick<TestCertificate, "key" | "pem"> = localhost(),
  maxVersion?: "TLSv1.2",
): Promise<HttpsReceiver> {
  const requests: Received[] = [];
  const server = createHttps({ key, cert: pem, ...(maxVersion ? { maxVersion } : {}) }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on("error", () => undefined);
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.once("end", () => {
      const { method = "", url: path = "", headers } = request;
      const received = { method, path, headers, body: Buffer.concat(chunks).toString("utf8") };
      const answer = receiver.answer(received);
      if (answer === "break") {
        request.socket.destroy();
        return;
      }
      requests.push(received);
      if (answer === "stall") return;
      if (answer === "half") {
        response.writeHead(200, { "content-length": "100" });
        response.write("half", () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.status, answer.headers);
      response.end("thank you");
    });
  });
  server.on("tlsClientError", () => undefined);
  const base = await listening(server, () => server.closeAllConnections(), port);
  const receiver: HttpsReceiver = { ...base, requests, answer: () => ({ status: 204 }) };
  return receiver;
}

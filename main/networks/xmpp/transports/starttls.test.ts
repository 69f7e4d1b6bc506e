import { createServer, type Server, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { connectTcpTransport } from "./tcp.ts";

/** The text in clear, before STARTTLS: whoever sits in between can say it. */

const header =
  "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='example.test' version='1.0'>";
const starttls = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const features = `<stream:features>${starttls}</stream:features>`;
const proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>";
const message = "<message from='example.test'><body>log in over there</body></message>";

let server: Server;
let sockets: Socket[];
/** Text that the server gets in clear. */
let heard: string;
/** Its first text, and its answer to `<starttls/>`; undefined: it hangs up. */
let first: string | Uint8Array | undefined;
let then: string | undefined;

beforeEach(async () => {
  sockets = [];
  heard = "";
  first = header + features;
  then = proceed;
  server = createServer((socket) => {
    sockets.push(socket);
    socket.on("error", () => undefined);
    const say = (text: string | Uint8Array | undefined): void =>
      void (text === undefined ? socket.end() : socket.write(text));
    socket.on("data", (chunk) => {
      const isFirst = heard === "";
      heard += chunk.toString("latin1");
      if (isFirst) say(first);
      else if (heard.endsWith(starttls)) say(then);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

function connect() {
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return connectTcpTransport({
    endpoint: { host: "127.0.0.1", port, transport: "starttls" },
    domain: "example.test",
    to: "example.test",
    tls: { ca: undefined, minVersion: "TLSv1.2", pins: [], mayHave: () => true },
    lookup: async () => [{ address: "127.0.0.1", family: 4 }],
    signal: AbortSignal.timeout(10_000),
  });
}

const asked = () => heard.includes("<starttls");

it("begins TLS with nothing said but the header and the request for it", async () => {
  const connecting = connect();
  connecting.catch(() => undefined);
  await expect.poll(() => heard).toContain("\x16\x03");
  const clear = heard.slice(0, heard.indexOf("\x16\x03"));
  expect(clear).toMatch(
    /^<\?xml version='1.0'\?><stream:stream [^>]*to='example.test'><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'\/>$/,
  );
  expect(clear).not.toContain("from=");
  for (const socket of sockets) socket.destroy();
  await expect(connecting).rejects.toMatchObject({ code: "tls-failed" });
});

it.each<[string, string | Uint8Array, string]>([
  ["a root that is no stream", header.replaceAll("stream:stream", "stream:frame") + features, "protocol-error"],
  [
    "a root of another namespace",
    header.replace("http://etherx.jabber.org/streams", "urn:example:streams") + features,
    "protocol-error",
  ],
  ["a root without any", `<stream>${features}`, "protocol-error"],
  ["features without STARTTLS", `${header}<stream:features/>`, "tls-required"],
  [
    "STARTTLS of another namespace",
    `${header}<stream:features><starttls xmlns='jabber:client'/></stream:features>`,
    "tls-required",
  ],
  ["a stanza", header + message, "tls-failed"],
  ["leave to go on before it was asked", header + proceed, "tls-failed"],
  [
    "an error",
    `${header}<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>`,
    "unknown-host",
  ],
  ["the end", `${header}</stream:stream>`, "connection-lost"],
  ["bytes that are no text", Buffer.from([0x3c, 0xff, 0xfe]), "protocol-error"],
])("asks for no TLS after %s", async (_, said, code) => {
  first = said;
  await expect(connect()).rejects.toMatchObject({ code });
  expect(asked()).toBe(false);
});

it("asks for no TLS where the server hangs up", async () => {
  first = undefined;
  await expect(connect()).rejects.toMatchObject({ code: "connection-lost" });
});

it.each([
  ["a stanza", message],
  ["features once more", features],
  ["a refusal", "<failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"],
  ["leave to go on of another namespace", "<proceed xmlns='jabber:client'/>"],
  ["the end", "</stream:stream>"],
  ["a stanza behind the leave to go on", proceed + message],
  ["half a stanza behind it", `${proceed}<message`],
  ["a blank behind it", `${proceed} `],
  ["leave twice", proceed + proceed],
])("begins no TLS after %s in answer to its request", async (_, said) => {
  then = said;
  await expect(connect()).rejects.toMatchObject({ code: "tls-failed" });
  expect(heard).not.toContain("\x16\x03");
});

import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { expect, it } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import { findWebSockets, linksOfJson, linksOfXrd } from "./host-meta.ts";
import { createTestCertificate } from "./testing/certificate.ts";

const rel = "urn:xmpp:alt-connections:websocket";

it("reads both forms", () => {
  expect(linksOfJson(JSON.stringify({ links: [{ rel: "other", href: "x" }, { rel, href: "wss://a.test/ws" }, null, 3, { rel }] }))).toEqual([
    "wss://a.test/ws",
  ]);
  expect(
    linksOfXrd(
      `<?xml version='1.0' encoding='utf-8'?><XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'><Link rel='other' href='x'/><Link rel='${rel}' href='wss://a.test/ws'/></XRD>`,
    ),
  ).toEqual(["wss://a.test/ws"]);
  expect(linksOfXrd("<html><Link/></html>")).toEqual([]);
  expect(linksOfJson("[]")).toEqual([]);
});

it("reads anything else as nothing, or throws what the caller takes for nothing", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      for (const read of [linksOfJson, linksOfXrd]) {
        try {
          expect(Array.isArray(read(text))).toBe(true);
        } catch (error) {
          expect(error instanceof SyntaxError || error instanceof HallwayError).toBe(true);
        }
      }
    }),
  );
});

it("takes what a hostile web server answers for nothing, and lives", async () => {
  const { key, pem } = createTestCertificate("a.test");
  const good = JSON.stringify({ links: [{ rel, href: "wss://a.test/ws" }] });
  let answer: { readonly status: number; readonly body: string | Uint8Array } = { status: 200, body: good };
  const server = createServer({ key, cert: pem }, (_, response) => void response.writeHead(answer.status).end(answer.body));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const find = () =>
    findWebSockets(
      "a.test",
      {
        tls: { ca: [pem], minVersion: "TLSv1.2", pins: [], mayHave: () => true },
        lookup: async () => [{ address: "127.0.0.1", family: 4 }],
        tunnel: undefined,
      },
      new AbortController().signal,
      port,
    );
  try {
    expect(await find()).toMatchObject([{ host: "a.test", transport: "websocket" }]);
    for (const next of [
      { status: 404, body: good },
      { status: 200, body: Uint8Array.of(0x7b, 0xff, 0xfe) },
      { status: 200, body: `${good}${" ".repeat(70_000)}` },
    ]) {
      answer = next;
      expect(await find()).toEqual([]);
    }
  } finally {
    server.close();
  }
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { errorCodes } from "../../../shared/errors.ts";
import type { TestClient } from "./testing/client.ts";
import { useScene } from "./testing/scene.ts";
import type { ScriptedServer } from "./testing/scripted-server.ts";

/**
 * Whatever a server sends, the connection goes on or ends with a code; nothing is thrown past it (Vitest fails on what
 * is).
 */
describe("a hostile server", () => {
  let server: ScriptedServer;
  let client: TestClient;

  useScene(
    (scene) => {
      ({ server, client } = scene);
    },
    { signsIn: false },
  );

  const mandatory =
    "Via: SIP/2.0/TCP h;branch=z9hG4bK1\r\nFrom: <sip:bob@example.test>;tag=1\r\nTo: <sip:alice@example.test>\r\nCall-ID: x\r\n";
  const bases = [
    `MESSAGE sip:alice@127.0.0.1 SIP/2.0\r\n${mandatory}CSeq: 1 MESSAGE\r\nContent-Type: message/cpim\r\nContent-Length: 71\r\n\r\nFrom: <im:b@x>\r\nNS: imdn <urn:ietf:params:imdn>\r\n\r\nContent-Type: a/b\r\n\r\nx`,
    `NOTIFY sip:alice@127.0.0.1 SIP/2.0\r\n${mandatory}CSeq: 2 NOTIFY\r\nEvent: presence\r\nSubscription-State: active;expires=5\r\nContact: <sip:b@1.2.3.4>\r\nContent-Length: 0\r\n\r\n`,
    `SIP/2.0 401 No\r\n${mandatory}CSeq: 1 REGISTER\r\nWWW-Authenticate: Digest realm="x", nonce="y"\r\nContent-Length: 0\r\n\r\n`,
  ];
  const mutation = fc.record({
    base: fc.constantFrom(...bases),
    at: fc.nat(600),
    cut: fc.nat(12),
    put: fc.oneof(
      fc.constantFrom("\r\n", "\r\n\r\n", ";", "<", ">", '"', ":", ",", "@", "%", "\u0000", "9999999999"),
      fc.string(),
    ),
  });

  it("cannot make anything worse of it than a lost connection", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 12 }), async (mutations) => {
        const from = client.events.length;
        await client.connection
          .connect({ availability: "available" }, AbortSignal.timeout(30_000))
          .catch(() => undefined);
        for (const { base, at, cut, put } of mutations)
          server.raw(base.slice(0, at % base.length) + put + base.slice((at % base.length) + cut));
        server.cut();
        await client.event(
          "connection-lost",
          (e) => client.events.indexOf(e) >= from && errorCodes.includes(e.error.code),
        );
      }),
      { numRuns: 60 },
    );
    await expect(client.signIn()).resolves.toMatchObject({ resumed: false });
  });
});

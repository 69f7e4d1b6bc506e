import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openTestClient } from "./testing/client.ts";
import { codeOf, connect, ScriptedFixture } from "./testing/scripted-fixture.ts";
import { startScriptedServer } from "./testing/scripted-server.ts";

const fixture = new ScriptedFixture();

describe("a hostile server", () => {
  const pieces = fc.constantFrom(
    "<message from='bob@example.test'><body>x</body></message>",
    "<a xmlns='urn:xmpp:sm:3'/>",
    "<a xmlns='urn:xmpp:sm:3' h='-1'/>",
    "<a xmlns='urn:xmpp:sm:3' h='4294967296'/>",
    "<r xmlns='urn:xmpp:sm:3'/>",
    "<resumed xmlns='urn:xmpp:sm:3'/>",
    "<enabled xmlns='urn:xmpp:sm:3'/>",
    "<stream:features/>",
    "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    "<iq/>",
    "<iq type='set'/>",
    "<iq type='result' id='x'/>",
    "<presence from='@'/>",
    "<m",
    "</",
    "]]>",
    "&",
    "<stream:stream>",
    "</stream:stream>",
    "<stream:error/>",
    "\u0000",
    "<a>".repeat(70),
    " ",
  );

  it("ends nothing but its own stream, whatever it sends after sign-in", async () => {
    const script = await fixture.server();
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { minLength: 1, maxLength: 8 }), async (texts) => {
        const client = openTestClient({ host: "127.0.0.1", port: script.port, caPem: fixture.certificate.pem });
        try {
          await connect(client);
          script.client.write(texts.join(""));
          // The stream is over, or it still answers.
          const alive = script.client.until((e) => e.name === "a").then(() => undefined);
          script.client.write("<r xmlns='urn:xmpp:sm:3'/></nothing>");
          await Promise.race([alive, client.until("connection-lost")]);
          const lost = client.events.find((e) => e.type === "connection-lost");
          if (lost) expect(lost.error.code).not.toBe("internal");
        } finally {
          client.connection.close();
        }
      }),
      { numRuns: 40 },
    );
  });

  it("cannot make signing in throw anything but a code, or last", async () => {
    const answers = fc.constantFrom(
      "",
      "<x/>",
      "</stream:stream>",
      "<stream:error><host-unknown xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",
      "<failed xmlns='urn:xmpp:sm:3'/>",
      "<iq type='error' id='1'/>",
      "&",
      "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    );
    await fc.assert(
      fc.asyncProperty(
        answers.filter((a) => a !== ""),
        fc.constantFrom("bind", "enable", "auth"),
        async (answer, at) => {
          const script = await startScriptedServer({
            certificate: fixture.certificate,
            respond: (e) => (e.name === at || e.getChild(at) ? answer : undefined),
            ...(at === "auth" ? { sasl: () => answer } : {}),
          });
          const client = openTestClient({ host: "127.0.0.1", port: script.port, caPem: fixture.certificate.pem });
          const stop = new AbortController();
          const timer = setTimeout(() => stop.abort(), 500);
          const code = await codeOf(connect(client, stop.signal));
          clearTimeout(timer);
          expect([
            "fulfilled",
            "protocol-error",
            "connection-lost",
            "unknown-host",
            "server-error",
            "cancelled",
            "wrong-password",
          ]).toContain(code);
          client.connection.close();
          await script.stop();
        },
      ),
      { numRuns: 30 },
    );
  });
});

import type { Element } from "@xmpp/xml";
import { describe, expect, it } from "vitest";
import { connect } from "./testing/scripted-fixture.ts";
import type { ScriptedServer } from "./testing/scripted-server.ts";
import { StockFixture, stockProcess } from "./testing/stock-fixture.ts";

/** Defects of the stock connection layer in what it reads: see `defects.test.ts`. */

const fixture = new StockFixture();

describe("3: characters that are split across segments", () => {
  const text = "a€b🎉c";

  /** One byte a segment: each is sent when the one before has been taken. */
  async function drip(script: ScriptedServer): Promise<void> {
    for (const byte of Buffer.from(`<message from='b@example.test' type='chat'><body>${text}</body></message>`)) {
      script.client.write(Uint8Array.of(byte));
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }

  it("stock corrupts them", async () => {
    const script = await fixture.stockServer();
    const client = fixture.stock(script.port);
    await client.start();
    // Its reply must not come between the bytes.
    await script.client.until((e) => e.name === "enable");
    const got = new Promise<string>((resolve) =>
      client.on("stanza", (s: Element) => s.name === "message" && resolve(s.getChildText("body") ?? "")),
    );
    await drip(script);
    expect(await got).toContain("\uFFFD");
  });

  it("ours keeps them whole, and ends the stream at bytes that are no UTF-8", async () => {
    const script = await fixture.server();
    const client = fixture.open(script.port);
    await connect(client);
    // The reply to the last thing that is asked must not come between the bytes.
    await script.client.until((e) => e.getChild("query", "http://jabber.org/protocol/disco#items") !== undefined);
    await drip(script);
    expect((await client.until("message")).message.body).toBe(text);
    script.client.write(Uint8Array.of(0x3c, 0x61, 0x3e, 0xff));
    expect((await client.until("connection-lost")).error.code).toBe("protocol-error");
  });
});

describe("6: input that ends the program", () => {
  it.each([
    ["mismatched tags", "<message from='c@example.test'><body>j</bodx></message></y>", /must be closed|TypeError/],
    [
      "a reference to no character",
      "<message from='c@example.test'><body>&#0;x</body></message>",
      /Illegal XML character/,
    ],
    ["an address that is none", "<message from='/'><body>j</body></message>", /Invalid domain/],
  ])("%s ends stock's process", (_, text, death) => {
    expect(stockProcess(text)).toMatch(death);
  });

  it("a document type passes stock", async () => {
    const script = await fixture.stockServer();
    const client = fixture.stock(script.port);
    await client.start();
    const got = new Promise<string>((resolve) =>
      client.on("stanza", (s: Element) => s.name === "message" && resolve(s.attrs["from"] ?? "")),
    );
    // It is read like a comment: all up to the end of one is gone without a word.
    script.client.write("<!DOCTYPE a --><message from='c@example.test'><body>ok</body></message>");
    expect(await got).toBe("c@example.test");
  });

  it("a stanza 20,000 deep overflows stock", async () => {
    const script = await fixture.stockServer();
    const client = fixture.stock(script.port);
    await client.start();
    const got = new Promise<Element>((resolve) =>
      client.on("stanza", (s: Element) => s.name === "message" && resolve(s)),
    );
    script.client.write(`<message from='c@example.test'>${"<a>".repeat(20_000)}${"</a>".repeat(20_000)}</message>`);
    const stanza = await got;
    expect(() => stanza.toString()).toThrow(RangeError);
  });

  it.each([
    ["mismatched tags", "<message from='c@example.test'><body>j</bodx></message></y>", "protocol-error"],
    ["a reference to no character", "<message from='c@example.test'><body>&#0;x</body></message>", "protocol-error"],
    ["a document type", "<!DOCTYPE a><message from='c@example.test'><body>ok</body></message>", "protocol-error"],
    ["a comment", "<!-- x --><message from='c@example.test'><body>ok</body></message>", "protocol-error"],
    ["a processing instruction", "<?pi x?><message from='c@example.test'><body>ok</body></message>", "protocol-error"],
  ])("ours ends the stream at %s", async (_, text, code) => {
    const script = await fixture.server();
    const client = fixture.open(script.port);
    await connect(client);
    script.client.write(text);
    expect((await client.until("connection-lost")).error.code).toBe(code);
    expect(client.events.some((e) => e.type === "message")).toBe(false);
  });

  it.each([
    [
      "20,000 levels",
      `<message from='c@example.test'><body>ok</body>${"<a>".repeat(20_000)}${"</a>".repeat(20_000)}</message>`,
    ],
    [
      "a stanza of over 1 MiB",
      `<message from='c@example.test'><body>ok</body><x>${"x".repeat(1_100_000)}</x></message>`,
    ],
  ])("ours takes what it can of %s, and lives", async (_, text) => {
    const script = await fixture.server();
    const client = fixture.open(script.port);
    await connect(client);
    script.client.write(`${text}<message from='b@example.test'><body>next</body></message>`);
    await client.until("message", ({ message }) => message.body === "next");
    expect(client.events.flatMap((e) => (e.type === "message" ? [e.message.body] : []))).toEqual(["ok", "next"]);
    expect(client.events.some((e) => e.type === "connection-lost")).toBe(false);
  });

  it("ours drops a message from an address that is none, and lives", async () => {
    const script = await fixture.server();
    const client = fixture.open(script.port);
    await connect(client);
    script.client.write(
      "<message from='/'><body>j</body></message><message from='b@example.test'><body>next</body></message>",
    );
    expect((await client.until("message")).message.body).toBe("next");
    expect(client.events.some((e) => e.type === "connection-lost")).toBe(false);
  });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CpimError,
  type CpimHeader,
  cpimHeader,
  cpimUri,
  formatCpim as formatBytes,
  parseCpim as parseBytes,
} from "./message.ts";

/** As bytes have it, for envelopes that are all text. */
const parseCpim = (text: string) => {
  const message = parseBytes(Buffer.from(text));
  return { ...message, content: Buffer.from(message.content).toString() };
};
interface Written {
  readonly headers: readonly CpimHeader[];
  readonly contentType: string;
  readonly content: string;
}
const formatCpim = (message: Written, prefixes?: ReadonlyMap<string, string>): string =>
  Buffer.from(formatBytes({ ...message, content: Buffer.from(message.content) }, prefixes)).toString();

const imdn = "urn:ietf:params:imdn";

describe("parseCpim", () => {
  it("reads a message with disposition headers", () => {
    const message = parseCpim(
      "From: MR SANDERS <im:piglet@100akerwood.test>\r\nTo: Depressed Donkey <im:eeyore@100akerwood.test>\r\nDateTime: 2000-12-13T13:40:00-08:00\r\nSubject:;lang=fr beau temps prévu\r\nNS: MyFeatures <mid:MessageFeatures@id.foo.test>\r\nRequire: MyFeatures.VitalMessageOption\r\nMyFeatures.VitalMessageOption: Confirmation-requested\r\n\r\nContent-type: text/xml; charset=utf-8\r\nContent-ID: <1234567890@foo.test>\r\n\r\n<body>\r\n\r\nHere\r\n</body>",
    );
    expect(cpimHeader(message, "Subject")).toBe("beau temps prévu");
    expect(cpimHeader(message, "VitalMessageOption", "mid:MessageFeatures@id.foo.test")).toBe("Confirmation-requested");
    expect(cpimUri(cpimHeader(message, "From") ?? "")).toBe("im:piglet@100akerwood.test");
    expect(message.contentType).toBe("text/xml; charset=utf-8");
    expect(message.contentHeaders.get("content-id")).toBe("<1234567890@foo.test>");
    expect(message.content).toBe("<body>\r\n\r\nHere\r\n</body>");
  });

  // RFC 3862 section 5.1, whose lines end in CR LF, and section 4.9.
  it("reads the examples of the RFC", () => {
    const message = parseCpim(
      "From: MR SANDERS <im:piglet@100akerwood.com>\r\nTo: Depressed Donkey <im:eeyore@100akerwood.com>\r\nDateTime: 2000-12-13T13:40:00-08:00\r\nSubject: the weather will be fine today\r\nSubject:;lang=fr beau temps prevu pour aujourd'hui\r\nNS: MyFeatures <mid:MessageFeatures@id.foo.com>\r\nRequire: MyFeatures.VitalMessageOption\r\nMyFeatures.VitalMessageOption: Confirmation-requested\r\nMyFeatures.WackyMessageOption: Use-silly-font\r\n\r\nContent-type: text/xml; charset=utf-8\r\nContent-ID: <1234567890@foo.com>\r\n\r\n<body>\r\nHere is the text of my message.\r\n</body>",
    );
    expect(message.headers.filter(({ name }) => name === "Subject").map(({ value }) => value)).toEqual([
      "the weather will be fine today",
      "beau temps prevu pour aujourd'hui",
    ]);
    expect(message.required).toEqual([{ namespace: "mid:MessageFeatures@id.foo.com", name: "VitalMessageOption" }]);
    expect(cpimHeader(message, "WackyMessageOption", "mid:MessageFeatures@id.foo.com")).toBe("Use-silly-font");
    expect(message.content).toBe("<body>\r\nHere is the text of my message.\r\n</body>");
  });

  it("names what has to be understood, whether its prefix was declared or not", () => {
    const { required } = parseCpim("NS: a <urn:a>\r\nRequire: a.One, Two,b.Three\r\n\r\n\r\nx");
    expect(required).toEqual([
      { namespace: "urn:a", name: "One" },
      { namespace: "", name: "Two" },
      { namespace: "", name: "b.Three" },
    ]);
  });

  it("takes every letter that a name may have, and no other", () => {
    const name = "!#$%&'*+-^_`|~aZ09";
    expect(cpimHeader(parseCpim(`${name}: v\r\n\r\n\r\nx`), name)).toBe("v");
    for (const other of ['"', "(", "/", "<", "=", "?", "@", "[", "\\", "]", "{", "}", ",", "é", " ", "."])
      expect(parseCpim(`a${other}b${other}c: v\r\nA: w\r\n\r\n\r\nx`).headers).toEqual([
        { namespace: "", name: "A", value: "w" },
      ]);
  });

  it("takes parameters, in quotes too, out of the value", () => {
    const value = (line: string): string | undefined => cpimHeader(parseCpim(`${line}\r\n\r\n\r\nx`), "Subject");
    expect(value("Subject:;lang=fr;x=1 v")).toBe("v");
    expect(value('Subject:;x="a b;\\"c" v w')).toBe("v w");
    expect([value("Subject:v"), value("Subject: ;v"), value("Subject:")]).toEqual(["v", ";v", ""]);
  });

  it("carries any bytes unharmed, between two heads of text", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 5_000 }), (content) => {
        const headers = [{ namespace: "", name: "Subject", value: "é" }];
        const read = parseBytes(formatBytes({ headers, contentType: "image/png", content }));
        expect([...read.content]).toEqual([...content]);
        expect([read.headers, read.contentType]).toEqual([headers, "image/png"]);
      }),
    );
  });

  it("takes a head that is not UTF-8 as old telephone systems write it, and leaves a body alone that is not", () => {
    const latin1 = (text: string) => Buffer.from(text, "latin1");
    const read = parseBytes(latin1("Subject: \u00e9\r\n\r\nContent-Type: text/plain; a=\u00e9\r\n\r\nx"));
    expect([read.headers, read.contentType]).toEqual([
      [{ namespace: "", name: "Subject", value: "é" }],
      "text/plain; a=é",
    ]);
    expect([...parseBytes(latin1("Subject: e\r\n\r\nContent-Type: text/plain\r\n\r\n\u00e9")).content]).toEqual([0xe9]);
  });

  it("takes bare line feeds and an object without MIME headers", () => {
    expect(parseCpim("From: <im:a@b>\n\nContent-Type: text/plain\n\nhello").content).toBe("hello");
    expect(parseCpim("From: <im:a@b>\r\n\r\n\r\nhello")).toMatchObject({ contentType: "text/plain", content: "hello" });
  });

  it("reads what is escaped, and leaves alone what is not", () => {
    const value = (text: string): string | undefined =>
      cpimHeader(parseCpim(`Subject: ${text}\r\n\r\n\r\nx`), "Subject");
    expect(value("\\u0041\\u00e9\\\\n \\\" \\' a\\tb\\nc\\rd\\be")).toBe("Aé\\n \" ' a\tb\nc\rd\be");
    expect([value("\\x"), value("\\u12"), value("\\u00gg"), value("u0041 n"), value("a\\")]).toEqual([
      "x",
      "u12",
      "u00gg",
      "u0041 n",
      "a\\",
    ]);
    expect(value("\\ud83d")).toBe("\ufffd");
  });

  it("reads MIME headers in any case, with any space around them, and keeps those that are not its own", () => {
    const message = parseCpim(
      [
        "From: <im:a@b>\r\n\r\nCONTENT-TYPE :  text/html;\r\n \t charset=utf-8 ",
        "Content-Length: 99\r\nContent-ID: <1>\r\n\r\nhi",
      ].join("\r\n"),
    );
    expect(message.contentType).toBe("text/html; charset=utf-8");
    expect([...message.contentHeaders]).toEqual([["content-id", "<1>"]]);
    const broken = parseCpim("From: <im:a@b>\r\n\r\n: image/png\r\nContent-Type\r\nX: y\r\n\r\nhi");
    expect([broken.contentType, [...broken.contentHeaders], broken.content]).toEqual([
      "text/plain",
      [["x", "y"]],
      "hi",
    ]);
  });

  it("finds a header under its own namespace alone", () => {
    const message = parseCpim(
      "NS: a <urn:a>\r\nNS: b <urn:b>\r\na.Id: 1\r\nb.Id: 2\r\nns: c <urn:c>\r\nc.Id: 3\r\na.NS: d <urn:d>\r\nd.Id: 4\r\n\r\n\r\nx",
    );
    expect(["urn:a", "urn:b", "urn:c", "urn:d", ""].map((namespace) => cpimHeader(message, "ID", namespace))).toEqual([
      "1",
      "2",
      undefined,
      undefined,
      undefined,
    ]);
    expect(cpimHeader(message, "Other", "urn:a")).toBeUndefined();
  });

  it("declares a namespace once, under the prefix that is asked for or one of its own", () => {
    const header = (namespace: string, name: string) => ({ namespace, name, value: "v" });
    const headers = [
      header("", "From"),
      header("urn:a", "One"),
      header("urn:b", "Two"),
      header("urn:a", "Three"),
      header(imdn, "Four"),
    ];
    const [head] = formatCpim({ headers, contentType: "text/plain", content: "é" }, new Map([[imdn, "imdn"]])).split(
      "\r\n\r\n",
    );
    expect(head?.split("\r\n")).toEqual([
      "From: v",
      "NS: ns0 <urn:a>",
      "ns0.One: v",
      "NS: ns1 <urn:b>",
      "ns1.Two: v",
      "ns0.Three: v",
      `NS: imdn <${imdn}>`,
      "imdn.Four: v",
    ]);
    expect(formatCpim({ headers: [], contentType: "text/plain", content: "é" })).toBe(
      "\r\n\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\né",
    );
  });

  it("escapes what would end a line or begin an escape, and nothing else", () => {
    const written = (value: string): string =>
      formatCpim({ headers: [{ namespace: "", name: "Subject", value }], contentType: "a/b", content: "" });
    expect(written("a\nb\rc\td\be\\f\u0000g\u007fh\u2028i\u2029j")).toContain(
      "Subject: a\\nb\\rc\\td\\be\\\\f\\u0000g\\u007fh\\u2028i\\u2029j\r\n",
    );
    expect(written("\"é\" 'x' 🐎")).toContain("Subject: \"é\" 'x' 🐎\r\n");
  });

  it.each([
    ["<im:a@b>", "im:a@b"],
    ["A <x> < im:a@b > ", "im:a@b"],
    ["im:a@b", undefined],
    ["<im:a@b> behind", undefined],
    ["<>", undefined],
  ])("takes the URI out of %j", (value, uri) => {
    expect(cpimUri(value)).toBe(uri);
  });

  it("reads on where a line is no header or declares nothing, and hides no demand behind one", () => {
    const message = parseCpim(
      "broken line\r\n: x\r\nNS: a urn:a\r\na.Id: 1\r\nSubject: s\r\nRequire: a.Id\r\n\r\nContent-Type: a/b\r\n\r\nx",
    );
    expect(message.headers.map(({ name }) => name)).toEqual(["Subject", "Require"]);
    expect(message.required).toEqual([{ namespace: "", name: "a.Id" }]);
    expect([message.content, message.isWhole]).toEqual(["x", false]);
    const wholes = [
      "A: b",
      "NS: a <urn:a>\r\na.Id: 1",
      "b.Id: 1",
      "x",
      ":",
      "NS: a urn:a",
      ...[100, 101].map((n) => "A: b\r\n".repeat(n)),
    ];
    const isWhole = (head: string): boolean => parseCpim(`${head.trimEnd()}\r\n\r\n\r\nx`).isWhole;
    expect(wholes.map(isWhole)).toEqual([true, true, true, false, false, false, true, false]);
    const isContentWhole = (head: string): boolean => parseCpim(`A: b\r\n\r\n${head}\r\n\r\nx`).isWhole;
    expect(["X: y", "x", ": y"].map(isContentWhole)).toEqual([true, false, false]);
  });

  it("leaves headers of undeclared prefixes out", () => {
    const message = parseCpim("imdn.Message-ID: 1\r\nFrom: <im:a@b>\r\n\r\nContent-Type: text/plain\r\n\r\nx");
    expect(message.headers.map((h) => h.name)).toEqual(["From"]);
  });

  it("reads an envelope of a million bytes and refuses a longer one; of its headers it keeps a hundred and every demand", () => {
    const head = "From: <im:a@b>\r\n\r\nContent-Type: text/plain\r\n\r\n";
    const content = "x".repeat((1 << 20) - head.length);
    expect(parseCpim(head + content).content).toHaveLength(content.length);
    expect(() => parseCpim(`${head}${content}x`)).toThrow(CpimError);
    const withLines = (count: number): string => `${"A: b\r\n".repeat(count)}\r\nContent-Type: text/plain\r\n\r\nx`;
    expect(parseCpim(withLines(100)).headers).toHaveLength(100);
    expect(parseCpim(withLines(101)).headers).toHaveLength(100);
    const demand = parseCpim(`${"A: b\r\n".repeat(100)}NS: a <urn:a>\r\nRequire: a.One\r\n\r\n\r\nx`);
    expect([demand.headers.length, demand.required]).toEqual([100, [{ namespace: "urn:a", name: "One" }]]);
    const withTypes = (count: number): string =>
      `From: <im:a@b>\r\n\r\n${Array.from({ length: count }, (_, n) => `X-${n}: y\r\n`).join("")}\r\nx`;
    expect(parseCpim(withTypes(100)).contentHeaders.size).toBe(100);
    const many = parseCpim(withTypes(101).replace(/\r\n\r\nx$/, "\r\nContent-Type: a/b\r\n\r\nx"));
    expect([many.contentHeaders.size, many.contentHeaders.has("x-100"), many.contentType]).toEqual([100, false, "a/b"]);
  });

  it.each([
    "",
    "x",
    "From: <im:a@b>",
    "From: <im:a@b>\r\n\r\nno end",
    "From: <im:a@b>\r\nSubject: x\nFrom: <im:c@d>\r\n\r\nContent-Type: a/b\r\n\r\nx",
    "From: <im:a@b>\r\nSubject: x\rFrom: <im:c@d>\r\n\r\nContent-Type: a/b\r\n\r\nx",
    "From: <im:a@b>\nSubject: \0\n\nContent-Type: a/b\n\nx",
    "From: <im:a@b>\r\n\r\nContent-Type: a/b\nX: y\r\nZ: z\r\n\r\nx",
  ])("refuses %j", (text) => {
    expect(() => parseCpim(text)).toThrow(CpimError);
  });

  it.each([
    { headers: [{ namespace: "urn:x>\r\nFrom: <im:c@d>", name: "A", value: "" }], contentType: "a/b", content: "" },
    { headers: [{ namespace: "", name: "A\nFrom", value: "" }], contentType: "a/b", content: "" },
    { headers: [], contentType: "a/b\r\n\r\nx", content: "" },
  ])("does not write a line break that it was not asked for: %j", (message) => {
    expect(() => formatCpim(message)).toThrow(CpimError);
  });

  it("gives back what was written, whatever is in it", () => {
    const value = fc.string({ unit: "grapheme" }).map((s) => s.toWellFormed().trim());
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z-]{0,20}$/).filter((n) => n !== "NS");
    const header = fc.record({ namespace: fc.constantFrom("", imdn, "urn:other"), name, value });
    fc.assert(
      fc.property(
        fc.array(header, { minLength: 1, maxLength: 10 }),
        fc.string({ unit: "grapheme" }),
        (headers, content) => {
          const text = formatCpim(
            { headers, contentType: "text/plain;charset=utf-8", content },
            new Map([[imdn, "imdn"]]),
          );
          expect(parseCpim(text)).toMatchObject({ headers, contentType: "text/plain;charset=utf-8", content });
        },
      ),
    );
  });

  it("never throws anything else", () => {
    const piece = fc.constantFrom(
      "From: ",
      "NS: ",
      "imdn ",
      "<urn:x>",
      "\r\n",
      "\n",
      "\r\n\r\n",
      "Content-Type: text/plain",
      ":",
      "\\u00",
      "\\",
      ".",
      "é",
      "\u0000",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (parts) => {
        try {
          parseCpim(parts.join(""));
        } catch (error) {
          expect(error).toBeInstanceOf(CpimError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

import { describe, expect, it } from "vitest";
import { decodeTransfer, parseMultipart } from "./rfc-2046-multipart.ts";

const decoded = (text: string): string =>
  Buffer.from(decodeTransfer(Buffer.from(text, "latin1"), "quoted-printable")).toString("utf8");

describe("quoted-printable (RFC 2045 section 6.7)", () => {
  it.each([
    ["hello =\r\nworld", "hello world"],
    ["hello=20\r\nworld", "hello \r\nworld"],
    ["hello \t\r\nworld", "hello\r\nworld"],
    ["a=3D=\r\n=3D= \nb", "a==b"],
    ["end=", "end"],
    ["=C3=A9\n", "é\n"],
    ["100=% =zz", "100=% =zz"],
  ])("reads %j", (text, shown) => {
    expect(decoded(text)).toBe(shown);
  });

  it("gets through a body of blanks alone", () => {
    expect(decoded(`${" ".repeat(1_000_000)}x`)).toHaveLength(1_000_001);
    expect(decoded(`=${" ".repeat(1_000_000)}`)).toBe("");
  });
});

describe("parts of a body (RFC 2046 section 5.1)", () => {
  const parts = (body: string, boundary = "b") =>
    parseMultipart({ params: new Map([["boundary", boundary]]), content: Buffer.from(body) });
  const texts = (body: string, boundary = "b") =>
    parts(body, boundary).map(({ content }) => Buffer.from(content).toString());

  it("end at the last delimiter, and nothing before, between and behind them counts", () => {
    expect(texts("before\r\n--b\r\n\r\none\r\n--b  \r\n\r\ntwo\r\n\r\n--b--\r\n--b\r\n\r\nbehind")).toEqual([
      "one",
      "two\r\n",
    ]);
    expect(texts("--b\n\none\n--b\n\ntwo")).toEqual(["one\n".trim(), "two"]);
    expect(texts("x--b\r\n\r\nno\r\n--b--")).toEqual([]);
    expect(texts("--b")).toEqual([]);
  });

  it("are 50 at most, each with 50 headers at most", () => {
    expect(texts("--b\r\n\r\nx\r\n".repeat(50))).toHaveLength(50);
    expect(texts("--b\r\n\r\nx\r\n".repeat(51))).toHaveLength(50);
    const headers = (count: number) => Array.from({ length: count }, (_, n) => `h${n + 1}: 1\r\n`).join("");
    const [part] = parts(`--b\r\n${headers(51)}\r\nx\r\n--b--`);
    expect([part?.headers.has("h50"), part?.headers.has("h51")]).toEqual([true, false]);
  });

  it("need a boundary, of 70 characters at most", () => {
    const [longest, longer] = ["x".repeat(70), "x".repeat(71)];
    expect(texts(`--${longest}\r\n\r\none\r\n--${longest}--`, longest)).toEqual(["one"]);
    expect(texts(`--${longer}\r\n\r\none\r\n--${longer}--`, longer)).toEqual([]);
    expect(texts("--\r\n\r\none\r\n----", "")).toEqual([]);
    expect(parseMultipart({ params: new Map(), content: Buffer.from("--\r\n\r\none") })).toEqual([]);
  });

  it("say what they are, with folded headers, and are plain text where they do not", () => {
    const [said, silent, headless] = parts(
      [
        ...["--b", "Content-Type: Image/PNG;", "\tname=x", ": odd", "odd", "X-Y:  z ", "", "x"],
        ...["--b", "", "y", "--b", "X: y", "--b--"],
      ].join("\r\n"),
    );
    expect([said?.type, said?.params.get("name"), said?.headers.get("x-y"), said?.headers.size]).toEqual([
      "image/png",
      "x",
      "z",
      2,
    ]);
    expect([silent?.type, silent?.headers.size]).toEqual(["text/plain", 0]);
    expect([headless?.headers.get("x"), headless?.content.byteLength]).toEqual(["y", 0]);
  });

  it("are bytes whatever their transfer encoding, in any case of letters", () => {
    const encoded = (encoding: string, text: string) =>
      texts(`--b\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${text}\r\n--b--`);
    expect(encoded("BASE64", "w6k=")).toEqual(["é"]);
    expect(encoded("Quoted-Printable", "=c3=A9")).toEqual(["é"]);
    expect(encoded("8bit", "=C3=A9é")).toEqual(["=C3=A9é"]);
  });
});

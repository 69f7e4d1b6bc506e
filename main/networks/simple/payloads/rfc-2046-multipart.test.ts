import { describe, expect, it } from "vitest";
import { decodeTransfer } from "./rfc-2046-multipart.ts";

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

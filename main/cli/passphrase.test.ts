import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { askPassphrase, type PassphraseInput } from "./passphrase.ts";

function terminal(): {
  readonly input: PassThrough & PassphraseInput;
  readonly output: PassThrough;
  readonly raw: boolean[];
} {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (on: boolean) => raw.push(on) });
  return { input, output: new PassThrough(), raw };
}

describe("asking for a passphrase", () => {
  it("shows nothing of it on a terminal, and takes back what was typed wrong", async () => {
    const { input, output, raw } = terminal();
    const asked = askPassphrase("Passphrase:", input, output);
    for (const keys of ["sch", "o", "ö", "\u007f", "\u007f", "ön 🔑x", "\b", "\r"]) input.write(keys);
    expect(await asked).toBe("schön 🔑");
    expect(raw).toEqual([true, false]);
    expect(String(output.read())).toBe("Passphrase: \n");
  });

  it("is given up with Ctrl+C, and the terminal is as it was", async () => {
    const { input, output, raw } = terminal();
    const asked = askPassphrase("Passphrase:", input, output);
    input.write("abc\u0003");
    expect([await asked, raw]).toEqual([undefined, [true, false]]);
  });

  it("takes the first line of what is no terminal, says nothing there, and knows an end without a line", async () => {
    for (const [text, expected] of [
      ["pass phrase\nmore\n", "pass phrase"],
      ["no line end", "no line end"],
      ["", undefined],
      ["x".repeat(100_000), undefined],
    ]) {
      const input = new PassThrough();
      const output = new PassThrough();
      const asked = askPassphrase("Passphrase:", input, output);
      input.end(text);
      expect([await asked, output.read()]).toEqual([expected, null]);
    }
  });

  it("takes 4,096 characters, and gives up at one more", async () => {
    for (const [length, taken] of [
      [4_096, true],
      [4_097, false],
    ] as const) {
      const { input, output } = terminal();
      const asked = askPassphrase("Passphrase:", input, output);
      input.write(`${"x".repeat(length)}\r`);
      expect(await asked).toBe(taken ? "x".repeat(length) : undefined);
    }
  });
});

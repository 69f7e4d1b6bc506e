import { execFileSync, spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readBinaryPlist } from "./binary-plist.ts";
import { readPlist } from "./plist.ts";
import { PlistError } from "./plist-error.ts";

const fixture = (name: string): Promise<Uint8Array> => readFile(new URL(`../fixtures/${name}`, import.meta.url));
const xml = (body: string, head = ""): Uint8Array =>
  Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${head}<plist version="1.0">${body}</plist>`);

function errorOf(bytes: Uint8Array): PlistError {
  try {
    readPlist(bytes);
  } catch (error) {
    if (error instanceof PlistError) return error;
    throw error;
  }
  throw new Error("no error");
}

/** A binary property list of the objects given as bytes; the first is the outermost. */
function binary(
  objects: readonly (readonly number[])[],
  change: { readonly count?: number; readonly top?: number; readonly table?: number } = {},
): Uint8Array {
  const offsets: number[] = [];
  const body = [...Buffer.from("bplist00")];
  for (const object of objects) {
    offsets.push(body.length);
    body.push(...object);
  }
  const table = body.length;
  for (const offset of offsets) body.push(offset >> 8, offset & 0xff);
  const trailer = new DataView(new ArrayBuffer(32));
  trailer.setUint8(6, 2);
  trailer.setUint8(7, 1);
  trailer.setBigUint64(8, BigInt(change.count ?? objects.length));
  trailer.setBigUint64(16, BigInt(change.top ?? 0));
  trailer.setBigUint64(24, BigInt(change.table ?? table));
  return Buffer.concat([Buffer.from(body), Buffer.from(trailer.buffer)]);
}

describe("property lists", () => {
  it("are the same in XML and in binary", async () => {
    const fromXml = readPlist(await fixture("forced.xml.plist"));
    expect(readPlist(await fixture("forced.binary.plist"))).toEqual(fromXml);
    expect(Object.fromEntries(fromXml)).toMatchObject({
      Flag: true,
      Days: 30,
      Name: "Banque d’Exemple 銀行",
      Rules: [{ pattern: "[0-9]{16}", action: "block" }],
    });
  });

  it.skipIf(spawnSync("python3", ["-c", "import plistlib"]).status !== 0)(
    "are read as another program writes them, in both forms",
    () => {
      const make = `
import plistlib, sys, json
value = json.loads(sys.stdin.buffer.read())
sys.stdout.buffer.write(plistlib.dumps(value, fmt=getattr(plistlib, sys.argv[1]), sort_keys=False))`;
      const text = fc.string({ unit: fc.constantFrom("a", "é", "銀", "😀", "<", "&", '"', " ", "]") });
      const scalar = fc.oneof(
        text,
        fc.boolean(),
        fc.maxSafeInteger(),
        fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }),
      );
      const value = fc.letrec((tie) => ({
        node: fc.oneof(
          { maxDepth: 4 },
          scalar,
          fc.array(tie("node"), { maxLength: 20 }),
          fc.dictionary(text, tie("node"), { maxKeys: 20 }),
        ),
      })).node;
      const samples = fc.sample(fc.dictionary(text, value, { maxKeys: 30 }), 40);
      for (const form of ["FMT_XML", "FMT_BINARY"]) {
        const all = Object.fromEntries(samples.map((sample, n) => [`s${n}`, sample]));
        const bytes = execFileSync("python3", ["-c", make, form], { input: JSON.stringify(all) });
        expect(JSON.parse(JSON.stringify(Object.fromEntries(readPlist(bytes))))).toEqual(
          JSON.parse(JSON.stringify(all)),
        );
      }
    },
  );

  it.each([
    ["<dict><key>A</key><integer>x</integer></dict>", "number"],
    ["<dict><key>A</key><integer>99999999999999999999</integer></dict>", "number"],
    ["<dict><key>A</key></dict>", "without its value"],
    ["<dict><string>a</string></dict>", "without its key"],
    ["<dict><key>A</key><key>B</key><true/></dict>", "key is not allowed here"],
    ["<dict><key>A</key><true/><key>A</key><false/></dict>", "appears twice here"],
    ["<dict/><dict/>", "more than one value"],
    ["<dict><key>A</key><script/></dict>", "not known"],
    ["<dict><key>A</key><string>a<b/></string></dict>", "is not allowed here"],
    ["<dict>text</dict>", "text is not allowed here"],
    ["<dict><key>A</key><string>&other;</string></dict>", "entity"],
    ["<array/>", "outermost"],
    ["<dict><key>A</key><true/>", ""],
    ["", "no value"],
    [`<dict><key>A</key>${"<array>".repeat(10_000)}`, "too deeply"],
    [`<dict><key>A</key><array>${"<true/>".repeat(100_001)}</array></dict>`, "too many values"],
  ])("in XML are refused: %#", (body, words) => {
    expect(errorOf(xml(body)).message).toContain(words);
  });

  it("name the line, and declare nothing of their own", () => {
    expect(errorOf(xml("<dict>\n<key>A</key>\n<integer>x</integer></dict>")).line).toBe(4);
    const apple =
      '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n';
    expect(readPlist(xml("<dict><key>A</key><true/></dict>", apple))).toEqual(new Map([["A", true]]));
    expect(errorOf(xml("<dict/>", '<!DOCTYPE plist [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>')).message).toContain(
      "document type",
    );
    expect(errorOf(Buffer.from("<html></html>")).message).toContain("is not allowed here");
    expect(errorOf(Buffer.from([0xff, 0xfe, 0x00])).message).toContain("UTF-8");
  });

  it("are dictionaries, and nothing else that a property list may be", () => {
    const others = [
      ...["<array/>", "<string>a</string>", "<true/>", "<integer>1</integer>"].map((body) => xml(body)),
      ...[[0xa0], [0x51, 0x41], [0x09], [0x40]].map((object) => binary([object])),
    ];
    for (const other of others) expect(errorOf(other).message).toBe("its outermost value should be a dictionary");
    expect(errorOf(binary([[0x70]])).message).toBe("it holds a value of an unknown kind");
    expect(errorOf(binary([[0xd0]], { count: 0 })).message).toContain("trailer makes no sense");
    const text = "<dict><key>A</key><string>a<![CDATA[<b> & ]]>c</string></dict>";
    expect(readPlist(xml(text))).toEqual(new Map([["A", "a<b> & c"]]));
  });

  it("in binary are refused when they hold themselves, lie outside, or would grow without end", () => {
    const good = binary([[0xd1, 1, 2], [0x51, 0x41], [0x09]]);
    expect(readPlist(good)).toEqual(new Map([["A", true]]));
    expect(
      errorOf(
        binary([
          [0xd1, 1, 0],
          [0x51, 0x41],
        ]),
      ).message,
    ).toContain("too deeply");
    expect(errorOf(binary([[0xa1, 0]])).message).toContain("too deeply");
    expect(
      errorOf(
        binary([
          [0xd1, 1, 9],
          [0x51, 0x41],
        ]),
      ).message,
    ).toContain("not there");
    expect(errorOf(binary([[0xd1, 1, 1], [0x09]])).message).toContain("no text");
    expect(errorOf(binary([[0xd2, 1, 1, 2, 2], [0x51, 0x41], [0x09]])).message).toContain("twice");
    expect(errorOf(binary([[0x5f, 0x13, 0, 0, 0, 1, 0, 0, 0, 0]])).message).toMatch(/beyond|cut off|large/);
    expect(errorOf(binary([[0x09]], { count: 1_000_000 })).message).toContain("trailer");
    expect(errorOf(binary([[0x09]], { table: 1e9 })).message).toContain("trailer");
    expect(errorOf(binary([[0x09]], { top: 5 })).message).toContain("not there");
    expect(errorOf(Buffer.from(`bplist15${"\0".repeat(40)}`)).message).toContain("version");
    // Each array holds the next one ten times: a billion values in a hundred bytes.
    const bomb = Array.from({ length: 10 }, (_, n) => [0xaa, ...Array.from({ length: 10 }, () => n + 1)]);
    expect(errorOf(binary([...bomb, [0x09]])).message).toContain("too many values");
    const long = [0x5f, 0x11, 0xff, 0x00, ...Array.from({ length: 0xff00 }, () => 0x41)];
    const often = [0xaf, 0x11, 0x40, 0x00, ...Array.from({ length: 0x4000 }, () => 1)];
    const objects = [often, long];
    const offsets = Buffer.alloc(8);
    offsets.writeUInt32BE(8, 0);
    offsets.writeUInt32BE(8 + often.length, 4);
    const trailer = Buffer.alloc(32);
    trailer[6] = 4;
    trailer[7] = 1;
    trailer.writeUInt32BE(2, 12);
    trailer.writeUInt32BE(8 + often.length + long.length, 28);
    expect(
      errorOf(
        Buffer.concat([Buffer.from("bplist00"), ...objects.map((object) => Buffer.from(object)), offsets, trailer]),
      ).message,
    ).toContain("too much text");
  });

  it("in binary hold 16 MiB of text, counted each time that one is used", () => {
    const half = [0x5f, 0x11, 0x80, 0x00, ...Array.from({ length: 0x8000 }, () => 0x41)];
    const often = (last: number): readonly number[] => [
      ...[0xaf, 0x11, 0x02, 0x01],
      ...Array.from({ length: 0x200 }, () => 1),
      last,
    ];
    const [nothing, one] = [[0x50], [0x51, 0x42]];
    const read = (last: number) => readBinaryPlist(binary([often(last), half, nothing, one]));
    expect(read(2)).toHaveLength(513);
    expect(() => read(3)).toThrow("too much text");
  });

  it("in binary hold the whole numbers that a program can count with, and none beyond them", () => {
    const number = (value: bigint): Uint8Array => {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(value);
      return binary([
        [0xd1, 1, 2],
        [0x51, 0x41],
        [0x13, ...bytes],
      ]);
    };
    for (const value of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, -1])
      expect(readPlist(number(BigInt(value)))).toEqual(new Map([["A", value]]));
    for (const value of [BigInt(Number.MAX_SAFE_INTEGER) + 1n, BigInt(Number.MIN_SAFE_INTEGER) - 1n])
      expect(errorOf(number(value)).message).toContain("too large");
    expect(
      readPlist(
        binary([
          [0xd1, 1, 2],
          [0x51, 0x41],
          [0x12, 0xff, 0xff, 0xff, 0xff],
        ]),
      ),
    ).toEqual(new Map([["A", 0xffffffff]]));
    expect(
      errorOf(
        binary([
          [0xd1, 1, 2],
          [0x51, 0x41],
          [0x14, ...Buffer.alloc(16)],
        ]),
      ).message,
    ).toContain("too large");
  });

  it("in binary have places and references of one to eight bytes", () => {
    const sized = (offsets: number, references: number): Uint8Array => {
      const wide = (value: number, bytes: number): readonly number[] => [
        ...Array.from({ length: Math.max(0, bytes - 1) }, () => 0),
        ...(bytes > 0 ? [value] : []),
      ];
      const body = [...Buffer.from("bplist00"), 0xd1, ...wide(1, references), ...wide(2, references), 0x51, 0x41, 0x09];
      const table = [8, 9 + 2 * references, 11 + 2 * references].flatMap((place) => wide(place, offsets));
      const trailer = Buffer.alloc(32);
      trailer.set([offsets, references], 6);
      for (const [at, value] of [
        [8, 3],
        [24, body.length],
      ] as const)
        trailer.writeBigUInt64BE(BigInt(value), at);
      return Buffer.concat([Buffer.from([...body, ...table]), trailer]);
    };
    for (const [offsets, references] of [
      [1, 1],
      [8, 1],
      [1, 8],
      [8, 8],
    ] as const)
      expect(readPlist(sized(offsets, references))).toEqual(new Map([["A", true]]));
    for (const [offsets, references] of [
      [0, 1],
      [1, 0],
      [9, 1],
      [1, 9],
    ] as const)
      expect(errorOf(sized(offsets, references)).message).toBe("its trailer makes no sense");
  });

  it("in binary hold data and dates that nobody reads, within their place", () => {
    const data = (length: number): Uint8Array =>
      binary([
        [0xd2, 1, 2, 3, 4],
        [0x51, 0x41],
        [0x51, 0x42],
        [0x40 + length, 1, 2],
        [0x33, ...Buffer.alloc(8)],
      ]);
    expect(readPlist(data(2))).toEqual(
      new Map([
        ["A", null],
        ["B", null],
      ]),
    );
    expect(errorOf(data(14)).message).toContain("beyond its place");
  });

  it("in XML may have attributes of other programs, and say what is wrong in plain words", () => {
    expect(readPlist(xml('<dict a:b="c"><key>A</key><true/></dict>'))).toEqual(new Map([["A", true]]));
    expect(errorOf(xml("<dict><key>A</key><string>&other;</string></dict>"))).toMatchObject({
      message: "undefined entity",
      line: 2,
    });
  });

  it("that are cut off or damaged end in an error of our own, and never in another", async () => {
    for (const name of ["forced.binary.plist", "forced.xml.plist"]) {
      const whole = await fixture(name);
      // The newline at the end of the XML may go.
      for (let length = 0; length < whole.length - 1; length++)
        expect(() => readPlist(whole.subarray(0, length))).toThrow(PlistError);
      fc.assert(
        fc.property(
          fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
          (changes) => {
            const damaged = Buffer.from(whole);
            for (const [at, byte] of changes) damaged[at] = byte;
            try {
              readPlist(damaged);
            } catch (error) {
              expect(error).toBeInstanceOf(PlistError);
            }
          },
        ),
        { numRuns: 2000 },
      );
    }
  });
});

import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AuditEntry, AuditPosition } from "./entry.ts";
import { buildChain } from "./testing.test-helper.ts";
import { type Verdict, verifyChain } from "./verify.ts";

const { privateKey } = generateKeyPairSync("ed25519");
const { privateKey: otherKey } = generateKeyPairSync("ed25519");
const shown = (key: KeyObject): string =>
  createPublicKey(key).export({ type: "spki", format: "der" }).subarray(12).toString("base64");
const publicKey = shown(privateKey);

type Event = Pick<AuditEntry, "at" | "kind" | "action" | "details">;
const begun = (key: KeyObject): Event => ({
  at: 0,
  kind: "chain",
  action: "begun",
  details: JSON.stringify({ publicKey: shown(key) }),
});
const position = (entry: AuditEntry | undefined): AuditPosition => ({ n: entry?.n ?? 0, hash: entry?.hash ?? "" });

/** Reads as the file does: by number, whatever is in it. */
function verify(
  rows: readonly AuditEntry[],
  sealed: AuditPosition | undefined,
  pageSize = 3,
  every = false,
): Promise<Verdict> {
  const sorted = [...rows].sort((a, b) => a.n - b.n);
  return verifyChain({
    read: async (after, limit) => sorted.filter(({ n }) => n > after).slice(0, limit),
    sealed,
    publicKey,
    every,
    pageSize,
  });
}

const event: fc.Arbitrary<Event> = fc.record({
  at: fc.integer({ min: -1e9, max: 2e12 }),
  kind: fc.constantFrom<AuditEntry["kind"]>("policy", "sign-in", "hold"),
  action: fc.string({ maxLength: 8 }),
  details: fc
    .dictionary(fc.string({ maxLength: 4 }), fc.string({ maxLength: 12 }), { maxKeys: 3 })
    .map((details) => JSON.stringify(details)),
});
const chain = fc
  .array(event, { minLength: 1, maxLength: 9 })
  .map((events) => buildChain([begun(privateKey), ...events], privateKey));

const renumbered = (rows: readonly AuditEntry[]): AuditEntry[] => rows.map((row, index) => ({ ...row, n: index + 1 }));

interface Tampered {
  readonly rows: readonly AuditEntry[];
  /** The first entry that is not what it was. */
  readonly first: number;
}

/** Each way to change a chain, at a place; undefined: nothing is changed by it there. */
const ways: Readonly<
  Record<string, (rows: readonly AuditEntry[], i: number, j: number, text: string) => Tampered | undefined>
> = {
  ...Object.fromEntries(
    (["kind", "action", "details", "previous", "hash", "signature"] as const).map((field) => [
      `another ${field}`,
      (rows: readonly AuditEntry[], i: number, _j: number, text: string) => {
        const row = rows[i];
        if (!row || row[field] === text) return undefined;
        return { rows: rows.with(i, { ...row, [field]: text }), first: i + 1 };
      },
    ]),
  ),
  "another time": (rows, i, j) => changed(rows, i, (row) => ({ ...row, at: row.at + j + 1 })),
  "one bit of the signature": (rows, i, j) =>
    changed(rows, i, (row) => {
      const bytes = Buffer.from(row.signature, "base64");
      bytes[j % 64] = (bytes[j % 64] ?? 0) ^ 1;
      return { ...row, signature: bytes.toString("base64") };
    }),
  "the signature in another spelling": (rows, i) =>
    changed(rows, i, (row) => ({ ...row, signature: row.signature.replace(/=+$/, "") })),
  "another number": (rows, i, j) => {
    const n = j - 2;
    const row = rows[i];
    return !row || row.n === n
      ? undefined
      : { rows: rows.with(i, { ...row, n }), first: Math.max(1, Math.min(row.n, n)) };
  },
  "edited, and the hash made to fit": (rows, i) =>
    changed(rows, i, (row) => ({
      ...row,
      hash: buildChain([{ ...row, action: `${row.action}!` }], otherKey, rows[i - 1])[0]?.hash ?? "",
      action: `${row.action}!`,
    })),
  "edited, and all hashes after it made to fit": (rows, i) => {
    const row = rows[i];
    if (!row) return undefined;
    const rest = buildChain([{ ...row, details: '{"x":"y"}' }, ...rows.slice(i + 1)], otherKey, rows[i - 1]);
    return {
      rows: [...rows.slice(0, i), ...rest.map((made, k) => ({ ...made, signature: rows[i + k]?.signature ?? "" }))],
      first: i + 1,
    };
  },
  deleted: (rows, i) => ({ rows: rows.toSpliced(i, 1), first: i + 1 }),
  "deleted, and the rest numbered anew": (rows, i) => ({ rows: renumbered(rows.toSpliced(i, 1)), first: i + 1 }),
  "two in each other's place": (rows, i, j) => {
    const [a, b] = [rows[Math.min(i, j)], rows[Math.max(i, j)]];
    if (!a || !b || a === b) return undefined;
    return { rows: renumbered(rows.with(a.n - 1, b).with(b.n - 1, a)), first: a.n };
  },
  "one moved elsewhere": (rows, i, j) => {
    const row = rows[i];
    if (!row || !rows[j] || i === j) return undefined;
    return { rows: renumbered(rows.toSpliced(i, 1).toSpliced(j, 0, row)), first: Math.min(i, j) + 1 };
  },
  "one put in, made by another key": (rows, i) => {
    const [made] = buildChain([{ at: 1, kind: "hold", action: "lifted", details: "{}" }], otherKey, rows[i - 1]);
    return (
      made && {
        rows: [
          ...rows.slice(0, i),
          made,
          ...renumbered(rows)
            .slice(i)
            .map((row) => ({ ...row, n: row.n + 1 })),
        ],
        first: i + 1,
      }
    );
  },
  "one twice under the same number": (rows, i) => ({
    rows: rows.toSpliced(i, 0, ...rows.slice(i, i + 1)),
    first: i + 1,
  }),
  "one before the first": (rows, i) => ({
    rows: [...rows.slice(0, 1).map((row) => ({ ...row, n: -i })), ...rows],
    first: 1,
  }),
  "cut off": (rows, i) => ({ rows: rows.slice(0, i), first: i + 1 }),
  "cut off and written anew with another key": (rows, i) => {
    const rest = rows.slice(i).map((row) => ({ ...row, details: '{"new":true}' }));
    return { rows: [...rows.slice(0, i), ...buildChain(rest, otherKey, rows[i - 1])], first: i + 1 };
  },
  "written anew as a whole with another key": (rows) => ({
    rows: buildChain([begun(otherKey), ...rows.slice(1)], otherKey),
    first: 1,
  }),
};

function changed(
  rows: readonly AuditEntry[],
  i: number,
  change: (row: AuditEntry) => AuditEntry,
): Tampered | undefined {
  const row = rows[i];
  return row && { rows: rows.with(i, change(row)), first: i + 1 };
}

describe("a chain that nobody touched", () => {
  it("is whole, with the seal at its end or somewhat behind, on pages of any size, by the last signature or by every one", async () => {
    await fc.assert(
      fc.asyncProperty(
        chain,
        fc.nat(),
        fc.integer({ min: 2, max: 12 }),
        fc.boolean(),
        async (rows, place, pageSize, every) => {
          const sealed = position(rows[(place % (rows.length + 1)) - 1]);
          expect(await verify(rows, sealed, pageSize, every)).toEqual({
            entries: rows.length,
            last: rows.at(-1),
            broken: undefined,
          });
        },
      ),
    );
    expect(await verify([], { n: 0, hash: "" })).toEqual({ entries: 0, last: undefined, broken: undefined });
  });
});

describe("a chain that somebody touched", () => {
  it.each(Object.keys(ways))("names the first broken entry: %s", async (way) => {
    await fc.assert(
      fc.asyncProperty(
        chain,
        fc.nat({ max: 10 }),
        fc.nat({ max: 14 }),
        fc.string({ maxLength: 5 }),
        fc.integer({ min: 2, max: 12 }),
        async (rows, place, other, text, pageSize) => {
          const tampered = ways[way]?.(rows, place % rows.length, other, text);
          fc.pre(tampered !== undefined);
          if (!tampered) return;
          const sealed = position(rows.at(-1));
          for (const every of [false, true]) {
            const { broken } = await verify(tampered.rows, sealed, pageSize, every);
            expect(broken?.n).toBe(tampered.first);
          }
        },
      ),
    );
  });

  it("says what is wrong", async () => {
    const rows = buildChain(
      [
        begun(privateKey),
        ...Array.from({ length: 8 }, (_, at): Event => ({ at, kind: "hold", action: "set", details: "{}" })),
      ],
      privateKey,
    );
    const sealed = position(rows.at(-1));
    const kindOf = async (way: string): Promise<unknown> =>
      (await verify(ways[way]?.(rows, 4, 6, "x")?.rows ?? [], sealed)).broken;
    expect(await kindOf("another details")).toEqual({ n: 5, kind: "edited" });
    expect(await kindOf("deleted")).toEqual({ n: 5, kind: "missing", to: 5 });
    expect(await kindOf("two in each other's place")).toEqual({ n: 5, kind: "unlinked" });
    expect(await kindOf("one twice under the same number")).toEqual({ n: 5, kind: "inserted" });
    expect(await kindOf("one put in, made by another key")).toEqual({ n: 5, kind: "signature" });
    expect(await kindOf("cut off")).toEqual({ n: 5, kind: "truncated", to: 9 });
    expect(await kindOf("cut off and written anew with another key")).toEqual({ n: 5, kind: "signature" });
    expect(await kindOf("written anew as a whole with another key")).toEqual({ n: 1, kind: "other-key" });
    expect(await kindOf("one bit of the signature")).toEqual({ n: 5, kind: "signature" });
  });

  it("is found where the seal is gone, the file was taken away, cannot be read, or holds nonsense", async () => {
    const rows = buildChain([begun(privateKey), { at: 1, kind: "hold", action: "set", details: "{}" }], privateKey);
    expect((await verify(rows, undefined)).broken).toEqual({ n: 1, kind: "no-seal" });
    expect((await verify([], position(rows[1]))).broken).toEqual({ n: 1, kind: "truncated", to: 2 });
    expect((await verify(rows, { n: 2, hash: "0".repeat(64) })).broken).toEqual({ n: 2, kind: "not-sealed" });
    const nonsense = { ...rows[1], n: "two", details: null } as unknown as AuditEntry;
    expect((await verify([...rows.slice(0, 1), nonsense], position(rows[1]))).broken).toMatchObject({ n: 2 });
    let calls = 0;
    const read = async (): Promise<readonly AuditEntry[]> => {
      calls += 1;
      if (calls % 2 === 0) throw new Error("a page is broken");
      return rows;
    };
    expect(
      (await verifyChain({ read, sealed: position(rows[1]), publicKey, every: false, pageSize: 2 })).broken,
    ).toEqual({ n: 3, kind: "unreadable", to: 4 });
  });

  it("is found where Hallway itself has said so, though all is well signed", async () => {
    const end: Event = {
      at: 1,
      kind: "chain",
      action: "broken",
      details: '{"reason":"not-what-was-sealed","sealedN":9}',
    };
    const rows = buildChain(
      [begun(privateKey), end, { at: 2, kind: "hold", action: "set", details: "{}" }],
      privateKey,
    );
    expect((await verify(rows, position(rows.at(-1)))).broken).toEqual({ n: 2, kind: "recorded" });
  });
});

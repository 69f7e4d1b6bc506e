import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { HallwayError } from "../../shared/errors.ts";
import { detailsText } from "../record/audit/entry.ts";
import { readSentHeads } from "../record/audit/sent-heads.ts";
import { manifestName } from "../record/export/manifest.ts";
import { verifyExport } from "../record/export/verify.ts";
import { createHttpsDestination, pause } from "../record/feed/destinations/https.ts";
import { syslogFrames } from "../record/feed/destinations/syslog-message.ts";
import { Feeder } from "../record/feed/feeder.ts";
import { createHolds } from "../record/retention/holds.ts";
import { showPublicKey, signText } from "../secrets/signing.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-bounds-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("details of the audit log", () => {
  it("have texts of 2,000 characters, names of 100 and fifty of them", () => {
    expect(JSON.parse(detailsText({ a: "x".repeat(2_000), b: "y" }))).toEqual({ a: "x".repeat(2_000), b: "y" });
    expect(JSON.parse(detailsText({ a: "x".repeat(2_001), b: "y" }))).toEqual({ a: `${"x".repeat(1_999)}…`, b: "y" });
    expect(Object.keys(JSON.parse(detailsText({ ["n".repeat(100)]: 1, ["o".repeat(101)]: 2 })))).toEqual([
      "n".repeat(100),
      `${"o".repeat(99)}…`,
    ]);
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`n${String(n).padStart(2, "0")}`, n]));
    expect(Object.keys(JSON.parse(detailsText(many))).at(-1)).toBe("n49");
  });

  it("have 16,384 characters in all; of more each text is cut to 200, and then to 20", () => {
    const texts = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`text${n}`, "x".repeat(2_000)]));
    const rest = 16_384 - detailsText({ ...texts, z: "" }).length;
    expect(detailsText({ ...texts, z: "x".repeat(rest) })).toHaveLength(16_384);
    expect(JSON.parse(detailsText({ ...texts, z: "x".repeat(rest + 1) }))["text0"]).toHaveLength(200);
    const wide = Object.fromEntries(
      Array.from({ length: 50 }, (_, n) => [`n${n}${"n".repeat(90)}`, "x".repeat(2_000)]),
    );
    expect(
      new Set(
        Object.values(
          JSON.parse(
            detailsText({ ...wide, ...Object.fromEntries(Object.keys(wide).map((name) => [name, '"'.repeat(2_000)])) }),
          ),
        ),
      ),
    ).toEqual(new Set([`${'"'.repeat(19)}…`]));
  });
});

describe("heads that were sent", () => {
  it("are found in lines of 16,384 characters, and in no longer ones; the next line counts again", async () => {
    const { publicKey, privateKey } = generateKeyPairSync("ed25519");
    const device = showPublicKey(publicKey);
    const line = (n: number): string => {
      const hash = String(n).repeat(64);
      return JSON.stringify({
        audit: "head",
        n,
        hash,
        device,
        signature: signText(privateKey, "hallway audit head 1", `${n} ${hash}`),
      });
    };
    const padded = (n: number, length: number): string => " ".repeat(length - line(n).length) + line(n);
    const path = join(folder, "feed");
    await writeFile(
      path,
      `${padded(1, 16_384)}\n${padded(2, 16_385)}\n${line(3)}\n${padded(4, 200_000)}\n${padded(5, 16_384)}`,
    );
    const heads = await readSentHeads(path);
    expect([...(heads.get(device)?.keys() ?? [])]).toEqual([1, 3, 5]);
  });
});

describe("the feed", () => {
  it("comes again after an hour at the latest, whatever the receiver asks", () => {
    expect([
      pause("3600", 0),
      pause("3601", 0),
      pause("1", 0),
      pause("0", 0),
      pause("soon", 0),
      pause(undefined, 0),
    ]).toEqual([3_600_000, 3_600_000, 1_000, undefined, undefined, undefined]);
    expect(pause(new Date(7_200_000).toUTCString(), 0)).toBe(3_600_000);
    expect(pause(new Date(5_000).toUTCString(), 10_000)).toBeUndefined();
  });

  it("reads an authorization of 16,384 octets, and refuses a longer one before anything is sent", async () => {
    const file = join(folder, "authorization");
    const reason = async (length: number): Promise<unknown> => {
      await writeFile(file, "x".repeat(length));
      const place = { url: "https://127.0.0.1:1/", authority: undefined, authorizationFile: file };
      const refused = { connect: () => Promise.reject(Object.assign(new Error("refused"), { code: "ECONNREFUSED" })) };
      return createHttpsDestination(place, refused as never)
        .probe(AbortSignal.timeout(10_000))
        .catch((error: HallwayError) => error.params?.["reason"]);
    };
    expect(await reason(16_384)).not.toBe("authorization-file-unusable");
    expect(await reason(16_385)).toBe("authorization-file-unusable");
    expect(await reason(0)).toBe("authorization-file-unusable");
  });

  it("goes to syslog in messages of 8,192 octets at most, and all of it arrives", () => {
    const frames = (length: number) =>
      syslogFrames(
        {
          id: "id",
          what: "message",
          at: 0,
          mediaType: "text/plain",
          extension: "txt",
          text: "x".repeat(length),
          fields: {},
        },
        "host",
      );
    const bytes = (frame: Buffer | undefined): number => Number(frame?.toString().split(" ", 1)[0]);
    let longest = 7_000;
    while (frames(longest + 1).length === 1) longest += 1;
    const [whole] = frames(longest);
    const parts = frames(longest + 1);
    expect(parts).toHaveLength(2);
    // What says which part it is is in the longer one only, with room for five digits each.
    expect(bytes(whole) + ' part="00000" parts="00000"'.length).toBe(8_192);
    expect(bytes(parts[0])).toBe(8_192 - 8);
  });

  it("asks its queue for 500 items and two million characters at a time, and waits longer after each failure, five times", async () => {
    vi.useFakeTimers();
    const head = vi.fn(async (_count: number, _length: number): Promise<readonly number[]> => {
      throw new Error("no");
    });
    const feeder = new Feeder<number>({
      head,
      taken: async () => undefined,
      refused: async () => undefined,
      parcel: () => ({}) as never,
      destination: () => ({ deliver: async () => undefined, probe: async () => undefined }),
      onState: () => undefined,
      random: () => 1,
    });
    feeder.start();
    const at: number[] = [];
    let passed = 0;
    await vi.advanceTimersByTimeAsync(0);
    for (let calls = head.mock.calls.length; at.length < 8; ) {
      await vi.advanceTimersByTimeAsync(250);
      passed += 250;
      if (head.mock.calls.length === calls) continue;
      calls = head.mock.calls.length;
      at.push(passed);
      passed = 0;
    }
    expect(head.mock.calls[0]).toEqual([500, 2 * 1024 * 1024]);
    const [first = 0] = at;
    expect(at.slice(0, 6).every((wait, n) => n === 0 || wait === 2 * (at[n - 1] ?? 0))).toBe(true);
    expect(at.slice(5)).toEqual([32 * first, 32 * first, 32 * first]);
    const closing = feeder.close();
    await vi.advanceTimersByTimeAsync(100_000);
    await closing;
    vi.useRealTimers();
  });
});

describe("an export", () => {
  it("with a manifest of more than 512 MiB is not read", async () => {
    const path = join(folder, manifestName);
    await writeFile(path, "{}");
    expect((await verifyExport(folder)).findings.map(({ what }) => what)).toEqual(["manifest-broken"]);
    await truncate(path, 512 * 1024 * 1024 + 1);
    expect((await verifyExport(folder)).findings.map(({ what }) => what)).toEqual(["no-manifest"]);
  });
});

describe("legal holds", () => {
  it("remember whom they name for 2,000 conversations, and name the same people after that", () => {
    const looked = vi.spyOn(String.prototype, "normalize");
    const holds = createHolds([{ type: "address", address: "bob@x.example" }] as never);
    const isHeld = (peer: string): boolean =>
      holds({ own: "me@x.example", peer } as never, { sentAt: 1, receivedAt: 1 });
    for (let n = 0; n < 1_999; n++) isHeld(`p${n}@x.example`);
    expect(isHeld("bob@x.example")).toBe(true);
    looked.mockClear();
    expect(isHeld("p0@x.example")).toBe(false);
    expect(looked).not.toHaveBeenCalled();
    isHeld("one-more@x.example");
    looked.mockClear();
    expect([isHeld("bob@x.example"), isHeld("p0@x.example")]).toEqual([true, false]);
    expect(looked).toHaveBeenCalled();
    looked.mockRestore();
  });
});

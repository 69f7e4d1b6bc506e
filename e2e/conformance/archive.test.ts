import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { createKilledProgram, type KilledProgram } from "../../main/history/killed-program.test-helper.ts";
import { localhost, startHttpsReceiver } from "../../main/record/feed/receivers.test-helper.ts";
import { type Certificates, createCertificates } from "../servers/certificates.ts";
import { startRsyslog } from "../servers/rsyslog.ts";

/** The queue and the feeder in a process of their own, so that they can be killed like it. */
interface Feeder extends KilledProgram {
  /** Messages that are in the queue. */
  readonly added: () => number;
}

const start = await createKilledProgram(new URL("../peers/archive-feeder-peer.ts", import.meta.url));

function startFeeder(folder: string, destination: unknown, from: number): Feeder {
  const program = start(folder, JSON.stringify(destination), String(from));
  let added = from;
  program.stdout.setEncoding("utf8").on("data", (text: string) => {
    for (const line of text.split("\n")) if (line !== "") added = Math.max(added, Number(line) + 1);
  });
  return { ...program, added: () => added };
}

async function ended(feeder: Feeder, signal: "SIGKILL" | "SIGTERM"): Promise<void> {
  feeder.kill(signal);
  await feeder.ended;
}

/** Which numbers came, and whether one id ever stood for two texts. */
function arrived(texts: readonly string[]): Set<number> {
  const byId = new Map<string, string>();
  for (const text of texts) {
    const { item, text: body } = JSON.parse(text) as { item: string; text: string };
    expect(byId.get(item) ?? body).toBe(body);
    byId.set(item, body);
  }
  // The same thing has one id, however often it came.
  expect(new Set(byId.values()).size).toBe(byId.size);
  return new Set([...byId.values()].map(Number));
}
const missing = (found: ReadonlySet<number>, count: number): number[] =>
  Array.from({ length: count }, (_, n) => n).filter((n) => !found.has(n));
const texts = (messages: readonly string[]): string[] =>
  messages.map((message) => message.slice(message.indexOf("] ") + 2));

describe("archive feed", () => {
  let certificates: Certificates;
  let folder: string;
  beforeAll(async () => {
    certificates = await createCertificates(["localhost"]);
    folder = await mkdtemp(join(tmpdir(), "hallway-archive-"));
  });
  afterAll(async () => {
    await certificates.remove();
    await rm(folder, { recursive: true });
  });

  it.each(["ossl", "gtls"] as const)(
    "a real rsyslog (%s) gets every message at least once, over its own sudden deaths and ours",
    async (driver) => {
      const rsyslog = await startRsyslog({ certificates, driver });
      const own = join(folder, driver);
      await mkdir(own);
      const destination = {
        type: "syslog",
        host: "localhost",
        port: rsyslog.port,
        authority: certificates.authority.pem,
      };
      let feeder = startFeeder(own, destination, 0);
      try {
        for (let round = 0; round < 4; round++) {
          const before = (await rsyslog.messages()).length;
          await vi.waitFor(async () => expect((await rsyslog.messages()).length).toBeGreaterThan(before + 20), {
            interval: 7,
          });
          await rsyslog.kill();
          const at = feeder.added();
          await vi.waitFor(() => expect(feeder.added()).toBeGreaterThan(at + 50));
          if (round % 2 === 1) {
            await ended(feeder, "SIGKILL");
            feeder = startFeeder(own, destination, feeder.added());
          }
          await rsyslog.start();
        }
        await ended(feeder, "SIGTERM");
        const count = feeder.added();
        feeder = startFeeder(own, destination, -1);
        await vi.waitFor(async () => expect(missing(arrived(texts(await rsyslog.messages())), count)).toEqual([]), {
          interval: 200,
        });
        expect(count).toBeGreaterThan(200);
      } finally {
        await ended(feeder, "SIGKILL");
        await rsyslog.stop();
      }
    },
    120_000,
  );

  it("an HTTPS receiver that fails, stalls, breaks and answers 500 gets every message at least once", async () => {
    const receiver = await startHttpsReceiver();
    const own = join(folder, "https");
    await mkdir(own);
    const kept: string[] = [];
    let turn = 0;
    receiver.answer = ({ body }) => {
      const answers = [
        { status: 500 },
        "break" as const,
        { status: 503, headers: { "retry-after": "1" } },
        "half" as const,
        "stall" as const,
      ];
      turn += 1;
      const answer = turn % 2 === 0 ? undefined : answers[(turn >> 1) % answers.length];
      if (answer !== undefined && turn < 14) return answer;
      kept.push(...body.trim().split("\n"));
      return { status: 200 };
    };
    const destination = { type: "https", url: `https://localhost:${receiver.port}/`, authority: localhost().pem };
    let feeder = startFeeder(own, destination, 0);
    try {
      await vi.waitFor(() => expect(turn).toBeGreaterThan(4));
      await ended(feeder, "SIGKILL");
      feeder = startFeeder(own, destination, feeder.added());
      await vi.waitFor(() => expect(turn).toBeGreaterThan(14), 60_000);
      await ended(feeder, "SIGTERM");
      const count = feeder.added();
      feeder = startFeeder(own, destination, -1);
      await vi.waitFor(() => expect(missing(arrived(kept), count)).toEqual([]), { interval: 200 });
    } finally {
      await ended(feeder, "SIGKILL");
      await receiver.stop();
    }
  }, 150_000);

  it("a folder has every message once, over sudden deaths", async () => {
    const own = join(folder, "folder");
    const archive = join(folder, "archive");
    await Promise.all([mkdir(own), mkdir(archive)]);
    const destination = { type: "folder", path: archive };
    let next = 0;
    for (let round = 0; round < 5; round++) {
      const feeder = startFeeder(own, destination, next);
      await vi.waitFor(async () => expect(feeder.added()).toBeGreaterThan(next + 30), { interval: 7 });
      await ended(feeder, "SIGKILL");
      next = feeder.added();
    }
    const last = startFeeder(own, destination, -1);
    try {
      await vi.waitFor(
        async () => {
          const names = (await readdir(archive)).filter((name) => name.endsWith(".json"));
          const found = await Promise.all(names.map((name) => readFile(join(archive, name), "utf8")));
          expect(missing(arrived(found), next)).toEqual([]);
        },
        { interval: 200 },
      );
    } finally {
      await ended(last, "SIGKILL");
    }
  }, 200_000);
});

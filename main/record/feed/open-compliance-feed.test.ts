import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, open, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { ErrorInfo } from "../../../shared/errors.ts";
import { startDatabaseWorker } from "../../app/start-database-worker.ts";
import type { WorkerMethods } from "../../app/worker-methods.ts";
import type { DatabaseWorker } from "../../database/database-worker.ts";
import { workerUrl } from "../../history/workers.test-helper.ts";
import type { AuditEvent } from "../audit/audit.ts";
import type { ComplianceFeed } from "./compliance-feed.ts";
import { openComplianceFeed } from "./open-compliance-feed.ts";
import { inFolder, neverLost } from "./receivers.test-helper.ts";
import { ownItem } from "./recorded.ts";

const key = new Uint8Array(randomBytes(32));
const account = { network: "xmpp", own: "me@x.example" } as const;
const words = (id: string, body = id) => ({
  id,
  conversationId: "account-1|bob@x.example",
  place: { accountId: "account-1", kind: "direct" as const, address: "bob@x.example" },
  body,
  at: 1,
});
const eventually = (check: () => void | Promise<void>): Promise<void> => vi.waitFor(check);

describe("the queue of the archive", () => {
  let worker: DatabaseWorker<WorkerMethods>;
  let folder: string;
  let place: string;
  let troubles: ErrorInfo[];
  let archive: ComplianceFeed | undefined;
  beforeAll(() => {
    worker = startDatabaseWorker(workerUrl);
  });
  afterAll(() => worker.stop());
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hallway-queue-"));
    place = join(folder, "archive");
    troubles = [];
  });
  afterEach(async () => {
    await archive?.close();
    await rm(folder, { recursive: true });
  });

  async function start(
    options: {
      readonly maxPages?: number;
      readonly onWell?: () => void;
      readonly audit?: (event: AuditEvent) => void;
    } = {},
  ): Promise<ComplianceFeed> {
    await archive?.close();
    archive = await openComplianceFeed({
      worker,
      folder,
      key,
      ...inFolder(() => place),
      ...neverLost,
      ...(options.audit === undefined ? {} : { audit: options.audit }),
      account: () => account,
      onTrouble: (error) => troubles.push(error),
      onWell: options.onWell ?? (() => undefined),
      ...(options.maxPages === undefined ? {} : { maxPages: options.maxPages }),
    });
    return archive;
  }
  const files = async (): Promise<string[]> => (await readdir(place)).filter((name) => name.endsWith(".json"));

  it("keeps what waits over a restart, each thing once, and does not feed again what was taken", async () => {
    const first = await start();
    const items = ["a", "b", "c"].map((id) => ownItem(words(id), account));
    await first.add(items);
    await first.add(items);
    await start();
    await mkdir(place);
    await eventually(async () => expect(await files()).toHaveLength(3));
    await eventually(() => expect(archive?.blocked).toBeUndefined());
    await rm(place, { recursive: true });
    await mkdir(place);
    await archive?.add([...items, ownItem(words("d"), account)]);
    await eventually(async () => expect(await files()).toEqual([`${ownItem(words("d"), account).id}.json`]));
  });

  it("on a full disk nothing is sent; it is told once, and all goes out when there is room", async () => {
    let well = 0;
    const full = await start({ maxPages: 12 });
    await full.add([ownItem(words("large", "x".repeat(200_000)), account)]);
    await eventually(() => expect(full.blocked?.code).toBe("storage-full"));
    expect(full.keeps).toBe(false);
    let sent = false;
    const waiting = full.taken(words("small"), new AbortController().signal)?.then(
      () => {
        sent = true;
      },
      () => undefined,
    );
    await mkdir(place);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(sent).toBe(false);
    expect(troubles.map(({ code }) => code)).toEqual(["storage-full"]);
    const roomy = await start({ onWell: () => well++ });
    expect(roomy.keeps).toBe(true);
    await waiting;
    await roomy.taken(words("small"), new AbortController().signal);
    expect(await files()).toContain(`${ownItem(words("small"), account).id}.json`);
  });

  it("a queue that was damaged is set aside and told, and an own message that waits is put into the new one", async () => {
    const first = await start();
    await first.add([ownItem(words("a"), account)]);
    await first.close();
    archive = undefined;
    const path = join(folder, "archive.db");
    const file = await open(path, "r+");
    await file.write(randomBytes((await stat(path)).size), 0);
    await file.close();
    const again = await start();
    await mkdir(place);
    await again.taken(words("a"), new AbortController().signal);
    expect(await files()).toHaveLength(1);
    expect(troubles.map(({ code }) => code)).toEqual(["archive-queue-damaged"]);
  });

  it("that stops and goes on again is in the audit log, once for each time, with the place and the reason", async () => {
    const events: string[] = [];
    await mkdir(place);
    const first = await start({
      audit: ({ kind, action, details }) =>
        events.push(`${kind} ${action} ${details["type"]} ${details["reason"] ?? ""}`.trim()),
    });
    await first.add([ownItem(words("a"), account)]);
    await eventually(async () => expect(await files()).toHaveLength(1));
    expect(events).toEqual([]);
    await rm(place, { recursive: true });
    for (const id of ["b", "c"]) await first.add([ownItem(words(id), account)]);
    await eventually(() => expect(events).toHaveLength(1));
    expect(events[0]).toMatch(/^archive stopped folder \S+/);
    await mkdir(place);
    await eventually(async () => expect(await files()).toHaveLength(2));
    await eventually(() => expect(events).toHaveLength(2));
    expect(events[1]).toBe("archive resumed folder");
    await rm(place, { recursive: true });
    await first.add([ownItem(words("d"), account)]);
    await eventually(() => expect(events).toHaveLength(3));
    expect(events[2]).toBe(events[0]);
  });

  it("waiting ends when it is told to", async () => {
    const made = await start();
    const stop = new AbortController();
    const waiting = made.taken(words("a"), stop.signal);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: "cancelled" });
  });
});

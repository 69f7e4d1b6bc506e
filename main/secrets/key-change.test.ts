import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import { placeOf } from "../../shared/model/conversation-id.ts";
import { createKilledProgram, kills, momentOf } from "../history/killed-program.test-helper.ts";
import { openHistory } from "../history/open-history.ts";
import { openProfile } from "../profile/open-profile.ts";
import { vaultAt } from "./key-changer.test-helper.ts";
import type { VaultState } from "./vault-state.ts";

let folder: string;
const conversationId = "12345678|bob@x.example";
const changeKeys = await createKilledProgram(new URL("./key-changer.test-helper.ts", import.meta.url));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-key-"));
});
afterEach(() => rm(folder, { recursive: true }));

/** Opens everything as the program does, and answers what is in it. Adds `add` messages. */
async function visit(options: {
  readonly passphrase?: string;
  readonly add?: number;
}): Promise<{ readonly key: string; readonly said: number; readonly kept: string | undefined }> {
  const { vault, worker } = vaultAt(folder, options.passphrase === undefined);
  const trouble: unknown[] = [];
  try {
    await vault.open();
    if (options.passphrase !== undefined)
      await (vault.state.state === "new" ? vault.create(options.passphrase) : vault.unlock(options.passphrase));
    expect(vault.state).toEqual({ state: "ready" });
    const { key } = vault;
    if (!key) throw new Error("no key");
    const profile = await openProfile({ worker, folder, key, onTrouble: (error) => void trouble.push(error) });
    const history = await openHistory({
      worker,
      folder,
      key,
      mode: "encrypted",
      onTrouble: (error) => void trouble.push(error),
    });
    await profile.put([{ namespace: "app", key: "kept", value: (await profile.get("app", "kept")) ?? "kept" }]);
    let said = (await history.search({ text: "acknowledged", limit: 1 })).hits[0]?.message.at ?? -1;
    if (options.add !== undefined) {
      await history.append(
        Array.from({ length: options.add }, (_, n) => ({
          id: `m${said + 1 + n}`,
          conversationId,
          place: placeOf(conversationId),
          direction: "in" as const,
          author: { isSelf: false },
          wireId: `m${said + 1 + n}`,
          network: "xmpp" as const,
          own: "me@x.example",
          receivedAt: 1,
          archiveId: undefined,
          body: `Acknowledged ${"x".repeat(2_000)}`,
          at: said + 1 + n,
          storedAt: 1,
          state: "received" as const,
          delayed: false,
          otherDevice: false,
          unread: false,
          wantsRead: false,
        })),
      );
      said += options.add;
    }
    const kept = await profile.get("app", "kept");
    // All of it is there: as many as were acknowledged.
    const stored = new Set<string>();
    for (let before: string | undefined; ; ) {
      const page = await history.page({ conversationId, limit: 200, ...(before === undefined ? {} : { before }) });
      for (const { id } of page.messages) stored.add(id);
      before = page.messages[0]?.id;
      if (!page.before || before === undefined) break;
    }
    expect(stored.size).toBe(said + 1);
    await history.close();
    await profile.close();
    expect(trouble).toEqual([]);
    return { key: Buffer.from(key).toString("hex"), said, kept };
  } finally {
    vault.close();
    await worker.stop();
  }
}

/** Lets a process change the key again and again, and kills it `after` milliseconds into it. */
async function killWhileChanging(after: number, passphrase?: string): Promise<void> {
  const child = changeKeys(folder, ...(passphrase === undefined ? [] : [passphrase]));
  await new Promise((resolve) => child.stdout.once("data", resolve));
  await new Promise((resolve) => setTimeout(resolve, after));
  child.kill("SIGKILL");
  await child.ended;
}

describe("a change of the key", () => {
  it("gives every database another key, tells how far it is, and lets the old one go", async () => {
    const before = await visit({ add: 400 });
    // Something that was set aside as broken does not stand in the way.
    await writeFile(join(folder, "history-corrupt-2026.db"), "no database");
    const { vault, worker } = vaultAt(folder, true);
    await vault.open();
    const states: VaultState[] = [];
    vault.onChange((state) => void states.push(state));
    await vault.change("secret-store");
    vault.close();
    await worker.stop();
    expect(states.at(0)).toEqual({ state: "changing", progress: 0 });
    expect(states).toContainEqual({ state: "changing", progress: 1 });
    expect(states.at(-1)).toEqual({ state: "ready" });
    const after = await visit({});
    expect(after).toMatchObject({ said: before.said, kept: "kept" });
    expect(after.key).not.toBe(before.key);
    expect(Object.keys(JSON.parse(await readFile(join(folder, "store.json"), "utf8")))).toHaveLength(1);
    expect(existsSync(join(folder, "vault-next.json"))).toBe(false);
  });

  it("is undone where it fails part of the way", async () => {
    const before = await visit({ add: 50 });
    let fails = true;
    const { vault, worker } = vaultAt(folder, true, (path) => {
      if (!fails || !path.endsWith("profile.db")) return;
      fails = false;
      throw new HallwayError("storage-full");
    });
    await vault.open();
    await expect(vault.change("secret-store")).rejects.toMatchObject({ code: "storage-full" });
    expect(vault.state).toEqual({ state: "ready" });
    vault.close();
    await worker.stop();
    expect(await visit({})).toEqual(before);
    expect(existsSync(join(folder, "vault-next.json"))).toBe(false);
  });

  it("that cannot even be undone is finished when it can be", async () => {
    const before = await visit({ add: 50 });
    let fails = true;
    const { vault, worker } = vaultAt(folder, true, (path) => {
      if (fails && path.endsWith("profile.db")) throw new HallwayError("storage-full");
    });
    await vault.open();
    await expect(vault.change("secret-store")).rejects.toMatchObject({ code: "storage-full" });
    expect(vault.state).toMatchObject({ state: "failed", error: { code: "storage-full" } });
    await vault.open();
    expect(vault.state).toMatchObject({ state: "failed", error: { code: "storage-full" } });
    fails = false;
    await vault.open();
    expect(vault.state).toEqual({ state: "ready" });
    vault.close();
    await worker.stop();
    const after = await visit({});
    expect(after.said).toBe(before.said);
    expect(after.key).not.toBe(before.key);
  });

  it("changes the passphrase; the old one opens nothing any more", async () => {
    const before = await visit({ passphrase: "marble lantern orchard", add: 20 });
    const { vault, worker } = vaultAt(folder, false);
    await vault.open();
    await vault.unlock("marble lantern orchard");
    await vault.change({ passphrase: "copper violin meadow" });
    vault.close();
    await worker.stop();
    await expect(visit({ passphrase: "marble lantern orchard" })).rejects.toMatchObject({
      code: "vault-wrong-passphrase",
    });
    const after = await visit({ passphrase: "copper violin meadow" });
    expect(after.said).toBe(before.said);
    expect(after.key).not.toBe(before.key);
  });

  it("killed again and again, at any moment, everything opens, nothing is lost, and it is finished", {
    timeout: 600_000,
  }, async () => {
    let { said } = await visit({ add: 1_500 });
    let changed = 0;
    let interrupted = 0;
    let last = "";
    for (let round = 0; round < kills; round += 1) {
      await killWhileChanging(momentOf(round) * 400);
      if (existsSync(join(folder, "vault-next.json"))) interrupted += 1;
      const found = await visit({ add: 1 });
      expect(found).toMatchObject({ said: said + 1, kept: "kept" });
      said = found.said;
      if (found.key !== last) changed += 1;
      last = found.key;
    }
    // It was hit in the middle, or nothing was tried.
    expect(interrupted).toBeGreaterThan(3);
    expect(changed).toBeGreaterThan(3);
  });

  it("killed under a passphrase, the same passphrase goes on opening everything", { timeout: 600_000 }, async () => {
    const passphrase = "battery horse staple";
    let { said } = await visit({ passphrase, add: 800 });
    for (let round = 0; round < 4; round += 1) {
      await killWhileChanging(600 + momentOf(round) * 1_200, passphrase);
      const found = await visit({ passphrase, add: 1 });
      expect(found).toMatchObject({ said: said + 1, kept: "kept" });
      said = found.said;
    }
  });
});

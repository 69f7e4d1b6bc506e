import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { openSignedInTestApp } from "./signed-in-test-app.test-helper.ts";
import { createTestApp } from "./test-app.test-helper.ts";

const bob = "bob@x.example";
const eve = "eve@other.example";

it("a queue that was damaged is made again from the record, and with ArchiveRequired nothing is sent before it is whole", async () => {
  const secretStore = new Map<string, string>();
  const first = await openSignedInTestApp([bob, eve], { secretStore });
  const { folder, network } = first;
  const archive = join(folder, "archive");
  const shown = (text: string) => vi.waitFor(async () => expect(await first.texts(bob)).toContain(text));
  const sent = () => network.messages.map(({ body }) => body);
  const rule = (path: string) => ({
    ArchiveScope: "all",
    ArchiveDestination: { type: "folder", path },
    ArchiveRequired: true,
  });
  try {
    network.receive({ peer: bob, body: "before the rule", id: "live-0" });
    await shown("before the rule");
    await first.policy(rule(archive));
    network.receive({ peer: eve, body: "from outside", id: "live-1" });
    network.receive({ peer: bob, body: "from inside", id: "live-2" });
    await first.send(bob, "own");
    await vi.waitFor(async () => expect((await first.appRecord()).archiveBlocked?.code).toBe("archive-unreachable"));
    await shown("from inside");
    await first.app.stop();
    const path = join(folder, "archive.db");
    await writeFile(path, randomBytes((await readFile(path)).length));
    await mkdir(archive);
    const second = createTestApp({ folder, secretStore, networks: () => [network] });
    try {
      await second.app.start();
      await second.untilVault("ready");
      const bodies = async () => {
        const texts = await Promise.all(
          (await readdir(archive))
            .filter((name) => name.endsWith(".json"))
            .map((name) => readFile(join(archive, name), "utf8")),
        );
        return texts.flatMap((text) => (JSON.parse(text) as { text?: string }).text ?? []).sort();
      };
      await vi.waitFor(async () => expect(await bodies()).toEqual(["from inside", "from outside", "own"]));
      await vi.waitFor(() => expect(sent()).toEqual(["own"]));
      const { archiveBlocked, notice } = await second.appRecord();
      expect(archiveBlocked).toBeUndefined();
      // The person is told, once.
      expect(notice).toEqual({ code: "archive-queue-damaged" });
      expect((await readdir(folder)).some((name) => name.startsWith("archive-corrupt-"))).toBe(true);
    } finally {
      await second.app.stop();
    }
  } finally {
    await first.close();
  }
});

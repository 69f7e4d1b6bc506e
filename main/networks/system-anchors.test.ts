import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, rootCertificates } from "node:tls";
import { beforeEach, expect, it, vi } from "vitest";
import { createTestAuthority } from "./revocation/testing/authority.ts";
import type * as Anchors from "./system-anchors.ts";

const some = rootCertificates.slice(0, 40);
let anchors: typeof Anchors;
let folder: string;

beforeEach(async () => {
  // What was read once is known for good.
  vi.resetModules();
  anchors = await import("./system-anchors.ts");
  folder = await mkdtemp(join(tmpdir(), "hallway-anchors-"));
  return () => rm(folder, { recursive: true });
});

async function bundleOf(pems: readonly string[]): Promise<readonly string[]> {
  const file = join(folder, "bundle.pem");
  await writeFile(file, pems.join("\n"));
  return [join(folder, "missing.pem"), file];
}

/** How often the main loop comes round while this goes on. */
async function roundsOf(work: Promise<unknown>): Promise<number> {
  let rounds = 0;
  let over = false;
  const count = (): void => {
    rounds++;
    if (!over) setImmediate(count);
  };
  count();
  await work;
  over = true;
  return rounds;
}

it("reads the system's anchors without holding up the main loop", async () => {
  const files = await bundleOf(some);
  const rounds = await roundsOf(anchors.readSystemAnchors("linux", files));
  expect(rounds).toBeGreaterThanOrEqual(some.length / 8);
  // Nothing is read again.
  await bundleOf([]);
  expect(anchors.systemAnchors("linux", files)).toEqual(some.map((pem) => pem.trim()));
});

it("leaves out what is no anchor, read ahead or when it is needed", async () => {
  const authority = createTestAuthority();
  const [first = "", second = ""] = some;
  const files = await bundleOf([
    first,
    "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----",
    authority.issue("web.test").pem,
    second,
  ]);
  const good = [first.trim(), second.trim()];
  expect(anchors.systemAnchors("linux", files)).toEqual(good);
  vi.resetModules();
  const again = await import("./system-anchors.ts");
  await again.readSystemAnchors("linux", files);
  expect(again.systemAnchors("linux", [])).toEqual(good);
  authority.remove();
});

it("reads them when they are needed where reading ahead found none", async () => {
  await anchors.readSystemAnchors("linux", [join(folder, "missing.pem")]);
  expect(anchors.systemAnchors("linux", await bundleOf(some))).toHaveLength(some.length);
});

it("asks another system's store in a thread", async () => {
  await anchors.readSystemAnchors("darwin");
  expect(anchors.systemAnchors("linux", [])).toEqual(getCACertificates("system"));
});

import { existsSync } from "node:fs";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lockInstance } from "../instance/lock.ts";
import { firstAt } from "../record/export/history.test-helper.ts";
import { verifyExport } from "../record/export/verify.ts";
import { ExportFixture } from "./export.test-helper.ts";
import { parseExport } from "./export-arguments.ts";

const fixture = new ExportFixture();

test("IT exports what it asks for, whatever the person may do; it is on record, and verifies", async () => {
  await fixture.fill();
  fixture.mandatory = new Map([["HistoryExportEnabled", { value: false, source: "x" }]]);
  const target = join(fixture.out, "case 7");
  const day = new Date(firstAt).toISOString().slice(0, 10);
  const result = await fixture.run([
    "--format",
    "json",
    "--with",
    "Person.1@example.test",
    "--from",
    day,
    "--to",
    day,
    "--direction",
    "in",
    "--out",
    target,
  ]);
  expect(result).toMatchObject({ status: 0, err: "" });
  expect(result.out).toContain("27 messages were exported.");
  const lines = (await readFile(join(target, "messages.jsonl"), "utf8")).trim().split("\n");
  expect(lines).toHaveLength(27);
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ from: "person.1@example.test", direction: "in" });
  const { manifest, findings } = await verifyExport(target);
  expect(findings).toEqual([]);
  expect(manifest).toMatchObject({
    madeBy: "it",
    version: "0.2.0",
    query: { peers: ["Person.1@example.test", "person.1@example.test"], deleted: true },
  });

  const chain = JSON.parse((await fixture.audit()).out) as { verdict: string; entries: number; publicKey: string };
  expect(chain).toMatchObject({ verdict: "whole", publicKey: manifest?.device });
  expect(chain.entries).toBeGreaterThanOrEqual(2);
  const verified = await fixture.run(["verify", "--device", chain.publicKey, target]);
  expect(verified).toMatchObject({ status: 0 });
  expect(verified.out).toContain("The export is unchanged.");
  expect(verified.out).toContain("IT, as ");
  expect(verified.out).toContain("Authorized by: administrator ");
  await writeFile(join(target, "messages.jsonl"), lines.slice(1).join("\n"));
  expect(await fixture.run(["verify", target])).toMatchObject({
    status: 1,
    out: expect.stringContaining("Changed: messages.jsonl"),
  });
  expect(JSON.parse((await fixture.run(["verify", "--json", target])).out)).toMatchObject({
    verdict: "broken",
    findings: [{ what: "changed" }],
  });
});

test("with a passphrase, in French", async () => {
  fixture.withStore = false;
  await fixture.fill();
  expect(await fixture.run(["--format", "html", "--out", join(fixture.out, "pages")], { locale: "fr" })).toMatchObject({
    status: 0,
    out: expect.stringContaining("200 messages ont été exportés."),
  });
  expect((await verifyExport(join(fixture.out, "pages"))).findings).toEqual([]);
});

test("while Hallway runs, where nothing is kept, and where something is in the way, it says so and changes nothing", async () => {
  expect(await fixture.run(["--format", "json", "--out", join(fixture.out, "x")])).toMatchObject({
    status: 2,
    err: expect.stringContaining("There is no history here."),
  });
  await fixture.fill();
  const release = await lockInstance(fixture.folder, () => undefined);
  expect(await fixture.run(["--format", "json", "--out", join(fixture.out, "x")])).toMatchObject({
    status: 2,
    err: expect.stringContaining("Hallway is open"),
  });
  await release?.();
  await writeFile(join(fixture.out, "x"), "mine");
  expect(await fixture.run(["--format", "json", "--out", join(fixture.out, "x")])).toMatchObject({
    status: 2,
    err: expect.stringContaining("cannot be written to this folder"),
  });
  expect(await readdir(fixture.out)).toEqual(["x"]);
  // It can be had again at once.
  await (await lockInstance(fixture.folder, () => undefined))?.();
});

test("stopped, nothing is left", async () => {
  await fixture.fill();
  const stop = new AbortController();
  stop.abort();
  expect(await fixture.run(["--format", "eml", "--out", join(fixture.out, "x")], { stop: stop.signal })).toMatchObject({
    status: 2,
    err: expect.stringContaining("Stopped."),
  });
  expect(existsSync(join(fixture.out, "x"))).toBe(false);
  expect(await readdir(fixture.out)).toEqual([]);
});

test("what makes no sense is refused with what it is", async () => {
  for (const [args, what] of [
    [["--format", "pdf", "--out", "x"], "pdf"],
    [["--format", "json"], "--out"],
    [["--format", "json", "--out", "x", "--with", "nobody"], "nobody"],
    [["--format", "json", "--out", "x", "--from", "32.13."], "32.13."],
    [["--format", "json", "--out", "x", "--from", "2026-02", "--to", "2026-01"], "2026-02 2026-01"],
    [["--format", "json", "--out", "x", "--direction", "up"], "up"],
  ] as const)
    expect(parseExport(args, Date.now()), args.join(" ")).toEqual({ command: "wrong", what });
  for (const args of [["--format", "json", "--out", "x", "--everything"], ["verify"], ["verify", "a", "b"], ["frob"]]) {
    expect(parseExport(args, Date.now()), args.join(" ")).toMatchObject({ command: "wrong" });
  }
  expect(await fixture.run(["--format", "pdf"])).toMatchObject({ status: 2, err: expect.stringContaining("(pdf)") });
  expect((await fixture.run(["help"])).out).toContain("hallway export verify");
});

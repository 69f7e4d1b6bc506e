import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ExportFixture } from "./export.test-helper.ts";

const fixture = new ExportFixture();

test("where there is no folder nothing is verified, and nothing is said of an export", async () => {
  await writeFile(join(fixture.out, "file"), "mine");
  for (const args of [[join(fixture.out, "nowhere")], ["--json", join(fixture.out, "file")]])
    expect(await fixture.run(["verify", ...args])).toMatchObject({
      status: 2,
      out: "",
      err: expect.stringContaining("does not exist"),
    });
});

test("without the device's key an export is only said to agree with itself, so that a changed one that was signed anew is not vouched for", async () => {
  await fixture.fill();
  const target = join(fixture.out, "x");
  expect(await fixture.run(["--format", "json", "--out", target])).toMatchObject({ status: 0 });
  const { publicKey } = JSON.parse((await fixture.audit()).out) as { publicKey: string };
  expect(await fixture.run(["verify", "--device", publicKey, target])).toMatchObject({
    status: 0,
    out: expect.stringContaining("The export is unchanged."),
  });
  await forge(target);
  const alone = await fixture.run(["verify", target]);
  expect(alone.status).toBe(3);
  expect(alone.out).toContain("is consistent, but");
  expect(alone.out).toContain("hallway audit verify");
  expect(alone.out).not.toContain("The export is unchanged.");
  expect(JSON.parse((await fixture.run(["verify", "--json", target])).out)).toMatchObject({
    verdict: "self-consistent",
  });
  const held = await fixture.run(["verify", "--device", publicKey, target]);
  expect([held.status, held.out]).toEqual([1, expect.stringContaining("Signed by another device")]);
  expect((await fixture.run(["verify", target], { locale: "fr" })).out).toContain("cohérente");
});

/** Changes what was said, and signs all of it with a key of its own. */
async function forge(target: string): Promise<void> {
  const path = join(target, "messages.jsonl");
  const changed = (await readFile(path, "utf8")).replace(/"body":"[^"]*"/, '"body":"I never said that"');
  await writeFile(path, changed);
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const manifest = JSON.parse(await readFile(join(target, "manifest.json"), "utf8")) as {
    device: string;
    files: { path: string; size: number; sha256: string }[];
  };
  manifest.device = publicKey.export({ type: "spki", format: "der" }).subarray(-32).toString("base64");
  for (const file of manifest.files)
    if (file.path === "messages.jsonl")
      Object.assign(file, {
        size: Buffer.byteLength(changed),
        sha256: createHash("sha256").update(changed).digest("hex"),
      });
  const text = JSON.stringify(manifest);
  await writeFile(join(target, "manifest.json"), text);
  const parts = ["hallway export manifest 1", createHash("sha256").update(text).digest("hex")];
  const signed = Buffer.concat(
    parts.flatMap((part) => [
      Buffer.from(new Uint8Array(new Uint32Array([part.length]).buffer)).reverse(),
      Buffer.from(part),
    ]),
  );
  await writeFile(join(target, "manifest.sig"), sign(null, signed, privateKey).toString("base64"));
  await writeFile(join(target, "manifest.pub.pem"), String(publicKey.export({ type: "spki", format: "pem" })));
}

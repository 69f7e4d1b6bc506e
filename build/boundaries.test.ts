import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { root } from "./root.ts";

/** A little house in which every rule is broken once; each must be found, and nothing else. */

const run = promisify(execFile);

/** File -> its imports. What starts with a dot is a file of the house. */
const clean: Readonly<Record<string, readonly string[]>> = {
  "shared/a.ts": ["valibot"],
  "shared/a.test.ts": ["vitest", "./a.ts"],
  "main/app/networks.ts": ["../networks/one/network.ts", "../networks/two/network.ts"],
  "main/app/app.ts": ["./networks.ts", "./app-options.ts", "../store/tables.ts"],
  "main/app/app-options.ts": ["../host/host.ts", "../settings/sources/source.ts"],
  "main/main.ts": ["./app/app.ts", "./host/chromium/create.ts"],
  "main/host/host.ts": ["../../shared/a.ts"],
  "main/host/chromium/create.ts": ["../host.ts", "node:fs"],
  "main/host/electron/create.ts": ["../host.ts", "electron"],
  "main/main-electron.ts": ["electron", "./app/app.ts", "./host/host.ts", "./host/electron/create.ts"],
  "main/networks/network.ts": ["../../shared/a.ts"],
  "main/networks/one/network.ts": ["../network.ts", "../../addressing/parse.ts", "./part.ts"],
  "main/networks/one/part.ts": ["../../cpim/message.ts"],
  "main/networks/two/network.ts": ["../network.ts"],
  "main/addressing/parse.ts": ["../../shared/a.ts"],
  "main/cpim/message.ts": ["../addressing/parse.ts"],
  "main/settings/sources/source.ts": ["../../../shared/a.ts"],
  "main/store/tables.ts": ["../networks/network.ts"],
  "renderer/main.tsx": ["preact", "../shared/a.ts"],
  "build/tool.ts": ["esbuild"],
  "e2e/some.spec.ts": [
    "../main/app/app.ts",
    "../build/tool.ts",
    "../renderer/main.tsx",
    "../main/main.ts",
    "../main/main-electron.ts",
  ],
};

/** File -> one import that it must not have, and the rule that says so. */
const violations: readonly (readonly [string, string, string])[] = [
  ["shared/node.ts", "node:fs", "shared-imports-only-its-validator"],
  ["shared/to-main.ts", "../main/addressing/parse.ts", "shared-imports-only-its-validator"],
  ["renderer/to-main.tsx", "../main/addressing/parse.ts", "renderer-imports-only-shared"],
  ["renderer/node.ts", "node:fs", "renderer-has-no-node"],
  ["main/store/draws.ts", "../../renderer/main.tsx", "main-imports-main-and-shared"],
  ["main/networks/one/stores.ts", "../../store/tables.ts", "networks-know-only-shared-addressing-cpim"],
  ["main/networks/one/other.ts", "../two/network.ts", "networks-do-not-know-each-other"],
  ["main/store/protocol.ts", "../networks/one/part.ts", "only-the-composition-knows-networks"],
  ["main/app/opening.ts", "../networks/two/network.ts", "only-the-composition-knows-networks"],
  ["main/store/window.ts", "../host/chromium/create.ts", "only-the-composition-knows-hosts"],
  ["main/host/chromium/electron.ts", "../electron/create.ts", "hosts-do-not-know-each-other"],
  ["main/store/electron.ts", "electron", "only-the-electron-host-imports-electron"],
  ["main/store/policy.ts", "../settings/sources/source.ts", "only-settings-reads-policy"],
  ["main/cpim/stores.ts", "../store/tables.ts", "addressing-and-cpim-stand-alone"],
  ["main/store/dev.ts", "fast-check", "no-dev-packages-in-product"],
  ["main/store/tests.ts", "../../shared/a.test.ts", "no-tests-in-product"],
  ["main/store/nowhere.ts", "./not-there.ts", "no-unresolvable"],
  ["build/tests.ts", "../e2e/some.spec.ts", "build-knows-no-tests"],
];

let house: string;

async function write(path: string, imports: readonly string[]): Promise<void> {
  await mkdir(dirname(join(house, path)), { recursive: true });
  // Types count as imports too; every second import is one.
  const lines = imports.map((from, i) =>
    i % 2 === 0
      ? `import type { X${i} } from "${from}";\nexport type Y${i} = X${i};`
      : `import * as x${i} from "${from}";\nexport { x${i} };`,
  );
  await writeFile(
    join(house, path),
    `${lines.join("\n")}\nexport const element = ${path.endsWith("x") ? "<p class={`a`}>text</p>" : "1"};\n`,
  );
}

/** `rule: from -> to` lines of the checker, run as `npm run check` does. */
async function check(): Promise<string[]> {
  const { stdout } = await run(process.execPath, [join(root, "build/boundaries.ts"), house], {
    encoding: "utf8",
  }).catch((error: { stdout: string }) => error);
  const lines = stdout.trim().split("\n");
  expect(lines.at(-1)).toMatch(/^\d+ files, \d+ violations of the boundaries\.$/u);
  return lines.slice(0, -1);
}

beforeAll(async () => {
  house = await mkdtemp(join(tmpdir(), "hallway-house-"));
  await cp(join(root, "package.json"), join(house, "package.json"));
  await symlink(join(root, "node_modules"), join(house, "node_modules"));
  await mkdir(join(house, "bench"), { recursive: true });
  for (const [path, imports] of Object.entries(clean)) await write(path, imports);
});

afterAll(() => rm(house, { recursive: true, force: true }));

describe("the boundaries", () => {
  it("find nothing in a clean house", async () => {
    expect(await check()).toEqual([]);
  });

  it("find every planted violation, a cycle of types, and a file that nothing reaches", async () => {
    for (const [path, to] of violations) await write(path, [to]);
    await write("main/store/ring-a.ts", ["./ring-b.ts"]);
    await write("main/store/ring-b.ts", ["./ring-a.ts"]);
    await write("main/store/alone.ts", []);
    const found = await check();
    for (const [path, to, rule] of violations) {
      const lines = found.filter((line) => line.startsWith(`${rule}: ${path}`));
      expect(lines, `${path} -> ${to} breaks ${rule}`).toHaveLength(1);
    }
    expect(found.filter((line) => line.startsWith("no-cycles: ")).join("\n")).toMatch(/ring-a\.ts.*ring-b\.ts/u);
    expect(found).toContain("no-orphans: main/store/alone.ts");
  });
});

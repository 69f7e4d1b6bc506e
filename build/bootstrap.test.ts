import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { root } from "./root.ts";

const plain = ["bootstrap.mjs", "setup.mjs", "system-packages.mjs"];
const manifest: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
);

describe("the way in", () => {
  it.each(plain)("%s needs nothing but Node itself", (file) => {
    const source = readFileSync(join(root, "build", file), "utf8");
    const imports = [...source.matchAll(/(?:from|import\() ?"([^"]+)"/gu)].map((match) => match[1] ?? "");
    for (const name of imports)
      expect(
        builtinModules.includes(name.replace(/^node:/u, "")) || plain.some((other) => name === `./${other}`),
        name,
      ).toBe(true);
  });

  it("is what package.json's commands use", () => {
    for (const name of ["start", "demo", "test", "bench", "mutation", "soak"])
      expect(manifest.scripts[name]).toBe(`node build/bootstrap.mjs ${name}`);
  });

  it("names its commands when it is given none of them", () => {
    for (const command of [[], ["nonsense"], ["__proto__"], ["constructor"]]) {
      const { status, stderr } = spawnSync(process.execPath, [join(root, "build/bootstrap.mjs"), ...command], {
        encoding: "utf8",
      });
      expect(status).toBe(2);
      expect(stderr).toContain("Say one of: start, demo, test, bench, mutation, soak.");
    }
  });
});

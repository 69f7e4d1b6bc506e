import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

/** Files that the governed connection is made of, as `[file, what is there, what is planted in its place]`. */
const violations = {
  "a new event": [
    "main/networks/events.ts",
    "export type NetworkEvent =",
    'export type NetworkEvent =\n  | { type: "knock" }',
  ],
  "a new facet": [
    "main/networks/facets/facets.ts",
    "export interface Facets {",
    "export interface Facets {\n  readonly whiteboard?: ContactsFacet | undefined;",
  ],
  "a new optional method": [
    "main/networks/facets/keys.ts",
    "export interface KeysFacet {",
    "export interface KeysFacet {\n  readonly forget?: (() => Promise<void>) | undefined;",
  ],
  "an inner facet handed out": [
    "main/enforcement/governed-connection.ts",
    "return blocking && governBlocking(blocking, this.#governor);",
    "return blocking;",
  ],
} as const;

/** Compiles the governed connection with these violations in it, and answers what the compiler says. */
async function compile(planted: readonly (keyof typeof violations)[]): Promise<string> {
  await mkdir(join(root, ".cache"), { recursive: true });
  const place = await mkdtemp(join(root, ".cache/governed-"));
  try {
    for (const folder of ["shared", "main/enforcement", "main/networks", "main/addressing"])
      await cp(join(root, folder), join(place, folder), {
        recursive: true,
        filter: (path) => !/\/(xmpp|simple|conformance|testing)$|\.test(-helper)?\.tsx?$/.test(path),
      });
    for (const violation of planted) {
      const [file, before, after] = violations[violation];
      const path = join(place, file);
      const text = await readFile(path, "utf8");
      expect(text).toContain(before);
      await writeFile(path, text.replace(before, after));
    }
    const tsconfig = {
      extends: join(root, "main/tsconfig.json"),
      compilerOptions: { composite: false, emitDeclarationOnly: false, noEmit: true, rootDir: place },
      include: [],
      files: [join(place, "main/enforcement/governed-network.ts")],
      references: [],
    };
    await writeFile(join(place, "tsconfig.json"), JSON.stringify(tsconfig));
    const compiler = join(root, "node_modules/typescript/bin/tsc");
    return await new Promise((resolve) => {
      execFile(process.execPath, [compiler, "-p", place, "--pretty", "false"], (_, stdout) => resolve(stdout));
    });
  } finally {
    await rm(place, { recursive: true, force: true });
  }
}

it("compiles as it is, and not with an event, facet or method that no rule knows, nor with a facet that is not wrapped", async () => {
  expect(await compile([])).toBe("");
  const said = await compile(["a new event", "a new facet", "a new optional method", "an inner facet handed out"]);
  expect(said).toMatch(/governed-network\.ts.*knock.*'never'/);
  expect(said).toMatch(/governed-connection\.ts.*\n?.*whiteboard/);
  expect(said).toMatch(/governed-keys\.ts.*\n?.*forget/);
  expect(said).toMatch(/governed-connection\.ts.*BlockingFacet.*Governed<BlockingFacet>/);
});

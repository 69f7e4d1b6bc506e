import { spawn } from "node:child_process";
import { join } from "node:path";
import { root } from "./root.ts";

/** `npm run check`: everything that can be said about the sources without running them. */

interface Step {
  readonly name: string;
  /** Arguments for our Node. */
  readonly args: readonly string[];
}

const bin = (path: string): string => join(root, "node_modules", path);

const steps: readonly Step[] = [
  { name: "types", args: [bin("typescript/bin/tsc"), "-b"] },
  {
    name: "format and lint",
    args: [bin("@biomejs/biome/bin/biome"), "check", "--error-on-warnings", "--max-diagnostics=50", "."],
  },
  { name: "numbers of the structure", args: [join(root, "build/structure.ts")] },
  { name: "tests cited in docs/trust.md", args: [join(root, "build/citations.ts")] },
  { name: "boundaries and cycles", args: [join(root, "build/boundaries.ts")] },
  {
    name: "unused files, exports and packages",
    args: [bin("knip/bin/knip.js"), "--config", "build/knip.json", "--no-progress", "--treat-config-hints-as-errors"],
  },
];

export interface CheckResult {
  readonly passed: number;
  readonly failed: number;
}

/** Runs every step, also after one has failed, and prints what each says. */
export async function check(): Promise<CheckResult> {
  let failed = 0;
  for (const { name, args } of steps) {
    const started = performance.now();
    const code = await run(args);
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${code === 0 ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
    if (code !== 0) failed++;
  }
  return { passed: steps.length - failed, failed };
}

function run(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [...args], { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  return new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("exit", (code) => resolve(code ?? 1));
  });
}

if (import.meta.main) {
  const { failed } = await check();
  process.exitCode = failed === 0 ? 0 : 1;
}

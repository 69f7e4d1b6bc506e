import { createRequire, registerHooks } from "node:module";
import { resolve } from "node:path";
import type { IConfiguration, ICruiseOptions } from "dependency-cruiser";
import { root } from "./root.ts";

/** The rooms that are looked at. */
const rooms = ["shared", "main", "renderer", "build", "e2e", "bench"];

export interface BoundaryReport {
  readonly files: number;
  /** `rule: from -> to`, one line each. */
  readonly violations: readonly string[];
}

/**
 * Checks "who may import whom" (build/dependency-cruiser.cjs) over a tree that looks like this one. TypeScript 7 has no
 * API that dependency-cruiser can use, so it reads sources with swc.
 */
export async function checkBoundaries(folder: string): Promise<BoundaryReport> {
  const shim = new URL("swc-with-tsx.ts", import.meta.url).href;
  registerHooks({
    resolve(specifier, context, next) {
      const wanted = specifier === "@swc/core" && context.parentURL?.includes("/dependency-cruiser/");
      return wanted ? { url: shim, format: "module", shortCircuit: true } : next(specifier, context);
    },
  });
  const { cruise } = await import("dependency-cruiser");
  const { forbidden, options }: IConfiguration = createRequire(import.meta.url)("./dependency-cruiser.cjs");
  const { enhancedResolveOptions, ...rest } = options ?? {};
  const asked: ICruiseOptions = { ...rest, baseDir: folder, validate: true, ruleSet: { forbidden: forbidden ?? [] } };
  const { output } = await cruise(rooms, asked, enhancedResolveOptions);
  if (typeof output === "string") throw new Error(output);
  if (!output.modules.some((module) => module.source.endsWith(".ts") && module.dependencies.length > 0)) {
    throw new Error("No import of any TypeScript file was seen: the boundaries were not checked at all.");
  }
  return {
    files: output.modules.filter((module) => !module.source.includes("node_modules") && !module.coreModule).length,
    violations: output.summary.violations.map((v) => {
      const cycle = v.cycle?.map((step) => step.name).join(" -> ");
      return `${v.rule.name}: ${v.from}${cycle ? ` -> ${cycle}` : v.to === v.from ? "" : ` -> ${v.to}`}`;
    }),
  };
}

if (import.meta.main) {
  const { files, violations } = await checkBoundaries(resolve(process.argv[2] ?? root));
  for (const line of violations) console.log(line);
  console.log(`${files} files, ${violations.length} violations of the boundaries.`);
  process.exitCode = violations.length === 0 ? 0 : 1;
}

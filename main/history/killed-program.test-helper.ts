import { spawn } from "node:child_process";
import { rename } from "node:fs/promises";
import { basename } from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

/**
 * How often a test kills a process. A run of everything does it a few times, at moments that are
 * spread over the whole range; `KILLS=100` does it a hundred times (CONTRIBUTING.md, "While you work").
 */
export const kills = Math.max(Number(process.env["KILLS"] ?? 0), 20);

/** Moment of a kill, from 0 to 1: however many there are, they lie about evenly apart, and neighbours far apart. */
export function momentOf(round: number): number {
  const goldenRatio = (Math.sqrt(5) - 1) / 2;
  return (round * goldenRatio) % 1;
}

/** A program that runs until it is killed. */
export interface KilledProgram {
  readonly stdout: Readable;
  kill(signal: "SIGKILL" | "SIGTERM" | "SIGSTOP" | "SIGCONT"): boolean;
  /** Signal that ended it. */
  readonly ended: Promise<NodeJS.Signals | null>;
}

/**
 * Starts a program that tests kill again and again. It is bundled once: from some dozens of sources, each stripped of
 * its types, a start takes twice as long, and nothing that Node could keep of them survives the kill.
 */
export async function createKilledProgram(
  source: URL,
  plugins: Plugin[] = [],
): Promise<(...args: readonly string[]) => KilledProgram> {
  // In a folder as deep as the sources of the workers are, which find them by their place (workers.test-helper.ts).
  const bundle = fileURLToPath(
    new URL(`../../.cache/killed/${basename(source.pathname, ".test-helper.ts")}.mjs`, import.meta.url),
  );
  // Two test files may run the same program: none finds half of what the other writes.
  const fresh = `${bundle}.${process.pid}`;
  await build({
    entryPoints: [fileURLToPath(source)],
    outfile: fresh,
    bundle: true,
    platform: "node",
    target: "node24",
    format: "esm",
    plugins,
    external: ["@signalapp/sqlcipher", "keytar"],
    banner: {
      js: 'import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);',
    },
  });
  await rename(fresh, bundle);
  return (...args) => {
    const child = spawn(process.execPath, [bundle, ...args], { stdio: ["ignore", "pipe", "inherit"] });
    const ended = new Promise<NodeJS.Signals | null>((resolve) =>
      child.once("close", (_code, signal) => resolve(signal)),
    );
    return { stdout: child.stdout, kill: (signal) => child.kill(signal), ended };
  };
}

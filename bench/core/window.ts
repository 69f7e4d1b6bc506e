import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { bundleIfStale, testParts } from "../../build/bundle.ts";
import { startHallway, type TestHome } from "../../e2e/app/launch.ts";
import { attachTarget, type Target } from "./cdp.ts";
import { type PageWatch, pageWatch, type Sight } from "./page-watch.ts";

/** The real program with its window, seen from outside. */
export interface BenchWindow {
  /** When its process was asked for, milliseconds since the epoch. */
  readonly startedAt: number;
  /** When it opened its databases, milliseconds since the epoch (the log of profile.db is made at that moment). */
  readonly openedAt: () => number;
  readonly mainPid: number;
  readonly page: Target;
  /** Resolves with the time at which this was first drawn, milliseconds since the epoch. */
  sight(name: Sight): Promise<number>;
  /** Evaluates an expression in the page; a promise is awaited. Answers a JSON value. */
  evaluate<Value>(expression: string): Promise<Value>;
  /** The renderer's process. */
  rendererPid(): Promise<number>;
  stop(): Promise<void>;
}

const patience = 60_000;
/** Heights of look.html, in pixels: what a person takes in the list at least. */
const contactHeight = 46;

let bundled: Promise<unknown> | undefined;

/** Starts Hallway at a test home and attaches as soon as its browser lets. `contacts`: how many make the whole list. */
export async function openWindow(
  testHome: TestHome,
  { contacts = 1 }: { readonly contacts?: number } = {},
): Promise<BenchWindow> {
  bundled ??= bundleIfStale(testParts);
  await bundled;
  const startedAt = Date.now();
  const hallway = await startHallway(testHome, { debuggable: true });
  const profile = join(testHome.folder, "profile");
  const targets: Target[] = [];
  const stop = async (): Promise<void> => {
    for (const target of targets) target.close();
    await hallway.end("SIGTERM");
  };
  try {
    const address = await until(() => debuggingAddress(join(profile, "window", "DevToolsActivePort")), hallway.log);
    const pageUrl = await until(() => pageTarget(address.port), hallway.log);
    const page = await attachTarget(pageUrl);
    targets.push(page);
    const script = pageWatch(contacts * contactHeight);
    await page.call("Page.enable");
    await page.call("Page.addScriptToEvaluateOnNewDocument", { source: script });
    const evaluate = async <Value>(expression: string): Promise<Value> => {
      const { result, exceptionDetails } = await page.call<{
        result: { value?: Value; description?: string };
        exceptionDetails?: { text: string };
      }>("Runtime.evaluate", {
        expression,
        awaitPromise: true,
        returnByValue: true,
      });
      if (exceptionDetails) throw new Error(`in the page: ${result.description ?? exceptionDetails.text}`);
      return result.value as Value;
    };
    // The page may be on its way from the empty one to ours: then the new document's own script counts.
    const whileLoading = <Value>(expression: string): Promise<Value | undefined> =>
      evaluate<Value>(expression).catch((error: unknown) => {
        if (error instanceof Error && /navigated|context/i.test(error.message)) return undefined;
        throw error;
      });
    await whileLoading(script);
    return {
      startedAt,
      openedAt: () => statSync(join(profile, "profile.db-wal")).birthtimeMs,
      mainPid: hallway.pid,
      page,
      evaluate,
      sight: (name) =>
        until(async () => {
          const seen = await whileLoading<PageWatch["seen"] | null>("globalThis.hallwayBench?.seen");
          return seen?.[name];
        }, hallway.log),
      async rendererPid() {
        const browser = await attachTarget(`ws://127.0.0.1:${address.port}${address.path}`);
        const { processInfo } = await browser.call<{ processInfo: readonly { type: string; id: number }[] }>(
          "SystemInfo.getProcessInfo",
        );
        browser.close();
        // A spare renderer may stand by; ours is the one that holds something.
        const [largest] = processInfo
          .filter(({ type }) => type === "renderer")
          .map(({ id }) => ({ id, size: residentMemory(id) }))
          .sort((a, b) => b.size - a.size);
        if (!largest) throw new Error("there is no renderer");
        return largest.id;
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resident memory of a process (VmRSS), mebibytes. */
export function residentMemory(pid: number): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Number.NaN) / 1024;
}

/** Clock ticks a second in /proc (USER_HZ), the same on every Linux. */
const ticks = 100;

/** Processor time that a process has used, in milliseconds. */
export function processorTime(pid: number): number {
  // The name may hold blanks and brackets; utime and stime are the 14th and 15th field (proc(5)).
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / ticks;
}

function debuggingAddress(file: string): { port: number; path: string } | undefined {
  if (!existsSync(file)) return undefined;
  const [port, path] = readFileSync(file, "utf8").split("\n");
  return port && path ? { port: Number(port), path } : undefined;
}

async function pageTarget(port: number): Promise<string | undefined> {
  const answer = await fetch(`http://127.0.0.1:${port}/json/list`).catch(() => undefined);
  if (!answer) return undefined;
  const targets = (await answer.json()) as readonly { type: string; webSocketDebuggerUrl?: string }[];
  return targets.find(({ type }) => type === "page")?.webSocketDebuggerUrl;
}

/** Looks again and again, a few milliseconds apart, until there is something. */
async function until<Value>(
  look: () => Value | undefined | Promise<Value | undefined>,
  log: () => string,
): Promise<Value> {
  const end = Date.now() + patience;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`the window did not get that far; it said:\n${log()}`);
    await sleep(4);
  }
}

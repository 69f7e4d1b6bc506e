import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { createTestHome, type Hallway, launchHallway, type TestHome } from "../../e2e/app/launch.ts";
import type { MainMemory } from "../../e2e/app/memory.ts";
import type { TestAppAccount } from "../../e2e/app/options.ts";
import { ask } from "../../e2e/ask.ts";
import type { Args, Method, Result } from "../../shared/ipc/contract.ts";
import type { Snapshot } from "../../shared/ipc/updates.ts";
import { withoutRecorder } from "./debugging-relay.ts";
import { type MeasuredTask, takeTasks, watchTasks } from "./page-tasks.ts";
import { processTree } from "./processes.ts";
import { ProcessorWaits } from "./processor-waits.ts";

/** How long a request, and how long a state, is waited for, in milliseconds. */
const requestPatience = 30_000;
const statePatience = 120_000;
/** Time that counts as the start of the page, not as a task, in milliseconds. */
const opening = 10_000;

/**
 * The person's computer: the whole program and its window, which is started, killed and started again at the same test home.
 */
export class Workstation {
  readonly testHome: TestHome;
  /** Tasks of the page over 50 ms so far. */
  readonly tasks: MeasuredTask[] = [];
  readonly #accounts: readonly TestAppAccount[];
  #hallway: Promise<Hallway>;
  readonly #waits = new ProcessorWaits();
  #started = 0;

  private constructor(testHome: TestHome, accounts: readonly TestAppAccount[]) {
    this.testHome = testHome;
    this.#accounts = accounts;
    this.#hallway = this.#launch();
  }

  static async create(accounts: readonly TestAppAccount[]): Promise<Workstation> {
    const workstation = new Workstation(await createTestHome(), accounts);
    await workstation.#hallway;
    return workstation;
  }

  async pid(): Promise<number> {
    return (await this.#hallway).pid;
  }

  async page(): Promise<Page> {
    return (await this.#hallway).page;
  }

  async ask<M extends Method>(method: M, args: Args<M>): Promise<Result<M>> {
    const page = await this.page();
    return within(requestPatience, ask(page, method, args), `${method} is not answered`);
  }

  /** Resolves with a state that fits; rejects where none comes. */
  async until(what: string, fits: (tables: Snapshot["tables"]) => boolean): Promise<Snapshot["tables"]> {
    const end = Date.now() + statePatience;
    for (;;) {
      const tables = (await this.ask("app.snapshot", {}).catch(() => undefined))?.tables;
      if (tables && fits(tables)) return tables;
      if (Date.now() > end) throw new Error(`it never came to: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Ends it as a power cut does, and starts it again. */
  async killAndStart(): Promise<void> {
    const before = await this.#hallway;
    await this.takeTasks();
    this.#hallway = before.kill().then(() => this.#launch());
    await this.#hallway;
  }

  /** Quits in good order, and starts it again. */
  async restart(): Promise<void> {
    const before = await this.#hallway;
    await this.takeTasks();
    this.#hallway = before.stop().then(() => this.#launch());
    await this.#hallway;
  }

  async takeTasks(): Promise<void> {
    const page = await this.page();
    const tasks = await within(requestPatience, page.evaluate(takeTasks), "the page does not answer").catch(() => []);
    for (const task of tasks) {
      const { at, milliseconds } = task;
      if (at <= this.#started + opening) continue;
      this.tasks.push({ ...task, worked: milliseconds - this.#waits.between(at, at + milliseconds) });
    }
  }

  /** Collects garbage in the page and in main, and measures main. */
  async memory(): Promise<MainMemory | undefined> {
    const page = await this.page();
    const session = await page.context().newCDPSession(page);
    await session.send("HeapProfiler.collectGarbage");
    await session.detach();
    const asked = Date.now();
    const pid = await this.pid();
    process.kill(pid, "SIGUSR2");
    for (const end = asked + requestPatience; Date.now() < end; ) {
      const text = await readFile(this.#memoryFile, "utf8").catch(() => "");
      const memory = text === "" ? undefined : (JSON.parse(text) as MainMemory);
      if (memory && memory.at >= asked) return memory;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return undefined;
  }

  async end(): Promise<void> {
    this.#waits.stop();
    await (await this.#hallway.catch(() => undefined))?.stop();
    await this.testHome.remove();
  }

  get #memoryFile(): string {
    return join(this.testHome.folder, "memory.json");
  }

  async #launch(): Promise<Hallway> {
    const options = { accounts: this.#accounts, memoryFile: this.#memoryFile };
    const hallway = await launchHallway(this.testHome, options, withoutRecorder);
    this.#started = Date.now();
    const pages = processTree(hallway.pid).filter(({ kind }) => kind === "renderer");
    // The browser holds another one ready, which is smaller.
    const page = pages.reduce((large, one) => (one.anonymous > large.anonymous ? one : large));
    this.#waits.follow(page.pid);
    await hallway.page.evaluate(watchTasks);
    return hallway;
  }
}

async function within<T>(milliseconds: number, work: Promise<T>, otherwise: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(otherwise)), milliseconds);
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

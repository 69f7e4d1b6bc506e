import type { Op } from "../../shared/ipc/updates.ts";
import { type BenchAccount, createHome, startHeadless } from "../core/headless.ts";
import { type Pauses, watchPauses } from "../core/pauses.ts";
import { asWorker } from "../worker.ts";

export interface RosterResult {
  /** From the request to sign in to the last contact published, milliseconds. */
  readonly wall: number;
  /** Processor time of the process for that, and for writing the list to disk, milliseconds. */
  readonly cpu: number;
  readonly pauses: Pauses;
  /** From the start of the main process to everything that is on disk in memory, milliseconds. */
  readonly restored: number;
  readonly restoreCpu: number;
  readonly restorePauses: Pauses;
}

function milliseconds({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

/** How many people the contact list has, where an operation says so: it is laid out. */
function listed(op: Op): number {
  if (op.table !== "roster" || op.op === "remove") return 0;
  return (op.op === "put" ? op.record.people : op.fields.people) ?? 0;
}

/** The main process signs in and takes in a long contact list, then starts again and has it from disk. */
asWorker(
  async ({ account, size }: { readonly account: BenchAccount; readonly size: number }): Promise<RosterResult> => {
    const home = await createHome();
    const app = await startHeadless(home);
    const seen = new Set<string>();
    const all = app.op((op) => {
      // Checkouts from before the window got only what it draws are measured as well: they publish everybody.
      if (op.table === "contacts" && op.op === "put") seen.add(op.id);
      return seen.size >= size || listed(op) >= size;
    });
    const startedAt = performance.now();
    const before = process.cpuUsage();
    const stopWatching = watchPauses();
    await app.request("accounts.add", account);
    await all;
    const wall = performance.now() - startedAt;
    // The list is written to disk a second later, which must not be felt either.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    const pauses = stopWatching();
    const cpu = milliseconds(process.cpuUsage(before));
    await app.stop();

    const againAt = performance.now();
    const beforeAgain = process.cpuUsage();
    const stopWatchingAgain = watchPauses();
    const again = await startHeadless(home);
    const whole = again.op((op) => listed(op) >= size);
    const { tables } = await again.request("app.snapshot", {});
    if (tables.contacts.length !== size && tables.roster[0]?.people !== size) await whole;
    const restored = performance.now() - againAt;
    const restoreCpu = milliseconds(process.cpuUsage(beforeAgain));
    const restorePauses = stopWatchingAgain();
    await again.stop();
    await home.remove();
    return { wall, cpu, pauses, restored, restoreCpu, restorePauses };
  },
);

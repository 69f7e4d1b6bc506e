import { type BenchAccount, createHome, startHeadless } from "../core/headless.ts";
import { type Pauses, watchPauses } from "../core/pauses.ts";
import { asSide } from "../side.ts";

export interface RosterResult {
  /** From the request to sign in to the last contact published, milliseconds. */
  readonly wall: number;
  readonly pauses: Pauses;
  /** From the start of the main process to everything that is on disk in memory, milliseconds. */
  readonly restored: number;
  readonly restorePauses: Pauses;
}

/** The main process signs in and takes in a long contact list, then starts again and has it from disk. */
asSide(async ({ account, size }: { readonly account: BenchAccount; readonly size: number }): Promise<RosterResult> => {
  const home = await createHome();
  const app = await startHeadless(home);
  const seen = new Set<string>();
  const all = app.op((op) => {
    if (op.table === "contacts" && op.op === "put") seen.add(op.id);
    return seen.size >= size;
  });
  const startedAt = performance.now();
  const stopWatching = watchPauses();
  await app.request("accounts.add", account);
  await all;
  const wall = performance.now() - startedAt;
  // The list is written to disk a second later, which must not be felt either.
  await new Promise((resolve) => setTimeout(resolve, 2_500));
  const pauses = stopWatching();
  await app.stop();

  const againAt = performance.now();
  const stopWatchingAgain = watchPauses();
  const again = await startHeadless(home);
  const { tables } = await again.request("app.snapshot", {});
  const restored = performance.now() - againAt;
  const restorePauses = stopWatchingAgain();
  if (tables.contacts.length !== size) throw new Error(`${tables.contacts.length} of ${size} contacts were on disk`);
  await again.stop();
  await home.remove();
  return { wall, pauses, restored, restorePauses };
});

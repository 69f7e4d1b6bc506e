import { type BenchAccount, startHeadless } from "../core/headless.ts";
import { type Pauses, watchPauses } from "../core/pauses.ts";
import { asSide } from "../side.ts";

export interface RosterResult {
  /** From the request to sign in to the last contact published, milliseconds. */
  readonly wall: number;
  readonly pauses: Pauses;
}

/** The main process signs in and takes in a long contact list. */
asSide(async ({ account, size }: { readonly account: BenchAccount; readonly size: number }): Promise<RosterResult> => {
  const app = await startHeadless();
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
  return { wall, pauses };
});

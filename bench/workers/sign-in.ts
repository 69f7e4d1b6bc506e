import { type BenchAccount, createHome, startHeadless } from "../core/headless.ts";
import { asWorker } from "../worker.ts";

export interface SignInInput {
  readonly account: BenchAccount;
}

/** The main process signs in to an account that is new to it, and stays until it is online. */
asWorker(async ({ account }: SignInInput): Promise<true> => {
  const home = await createHome();
  const app = await startHeadless(home);
  const online = app.op(
    (op) =>
      op.table === "accounts" && op.op !== "remove" && (op.op === "put" ? op.record : op.fields).state === "online",
  );
  await app.request("accounts.add", account);
  await online;
  await app.stop();
  await home.remove();
  return true;
});

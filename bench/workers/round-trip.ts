import { randomUUID } from "node:crypto";
import type { BenchAccount } from "../core/headless.ts";
import { createNetwork } from "../core/network.ts";
import { asWorker } from "../worker.ts";

export interface RoundTripInput {
  readonly account: BenchAccount;
  readonly peer: string;
  readonly warmUp: number;
  readonly count: number;
}

const patience = 10_000;

/**
 * One message after the other: from handing it to the network to holding the other side's answer, milliseconds each.
 */
asWorker(async ({ account, peer, warmUp, count }: RoundTripInput): Promise<readonly number[]> => {
  let answered: ((body: string) => void) | undefined;
  const network = createNetwork(account.protocol);
  const connection = network.open(
    { id: "asking-account", enabled: true, deviceId: randomUUID(), ...account },
    {
      credentials: { password: async () => account.password },
      emit: (event) => {
        if (event.type === "message" && event.message.direction === "in") answered?.(event.message.body);
      },
    },
  );
  await connection.connect({ availability: "available" }, AbortSignal.timeout(20_000));
  const times: number[] = [];
  for (let i = 0; i < warmUp + count; i++) {
    const body = `Could you have a look at this when you are back? ${randomUUID()}`;
    const startedAt = performance.now();
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no answer to message ${i + 1}`)), patience);
      answered = (said) => {
        if (said !== body) return;
        clearTimeout(timer);
        resolve();
      };
      connection.messages.send({ id: randomUUID(), to: peer, body, at: Date.now(), wantReceipts: false }).catch(reject);
    });
    if (i >= warmUp) times.push(performance.now() - startedAt);
  }
  await connection.disconnect();
  connection.close();
  return times;
});

import { randomUUID } from "node:crypto";
import type { BenchAccount } from "../core/headless.ts";
import { createNetwork } from "../core/network.ts";
import { asWorker } from "../worker.ts";

/** The other Hallway: says every message back to whoever sent it, until it is told to end. */
asWorker(async (account: BenchAccount, ready): Promise<void> => {
  const network = createNetwork(account.protocol);
  const connection = network.open(
    { id: "echo-account", enabled: true, deviceId: randomUUID(), ...account },
    {
      credentials: { password: async () => account.password },
      emit: (event) => {
        if (event.type !== "message" || event.message.direction !== "in" || event.message.via !== "live") return;
        const { peer, body } = event.message;
        void connection.messages.send({ id: randomUUID(), to: peer, body, at: Date.now(), wantReceipts: false });
      },
    },
  );
  await connection.connect({ availability: "available" }, AbortSignal.timeout(20_000));
  ready();
  await new Promise<void>((resolve) => process.once("disconnect", resolve));
});

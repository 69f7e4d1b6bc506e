import { afterAll, beforeAll } from "vitest";
import { describeCuts } from "../../main/networks/conformance/cuts.ts";
import { describeNetwork } from "../../main/networks/conformance.ts";
import { createSimpleNetwork } from "../../main/networks/simple/network.ts";
import { Paces } from "../../main/networks/simple/paces.ts";
import { type SimpleServers, startSimpleServers } from "./simple-servers.ts";
import { simpleItems } from "./simple-unacceptable.ts";

let servers: SimpleServers | undefined;

beforeAll(async () => {
  servers = await startSimpleServers();
});

afterAll(() => servers?.stop());

function started(): SimpleServers {
  if (!servers) throw new Error("the servers did not start");
  return servers;
}

describeNetwork(
  "SIMPLE over Kamailio",
  () => started().harness,
  simpleItems(() => ({
    port: started().harness.cleartext?.port ?? 0,
    newAccount: () => started().harness.newAccount(),
  })),
);

// What is lost at a cut does not depend on how fast one comes back, and at a polite pace a hundred times take two
// minutes.
const atOnce = new Paces({ limit: 1_000, background: 1_000, window: 1 });
describeCuts(() => ({
  ...started().harness,
  createNetwork: (environment) => createSimpleNetwork(environment, atOnce),
}));

import { afterAll, beforeAll } from "vitest";
import { describeCuts } from "../../main/networks/conformance/cuts.ts";
import { describeNetwork } from "../../main/networks/conformance.ts";
import { describePublication } from "./simple-publication.ts";
import { type SimpleServers, startSimpleServers } from "./simple-servers.ts";
import { simpleItems } from "./simple-unacceptable.ts";
import { withoutPace } from "./without-pace.ts";

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

describeCuts(
  "SIMPLE over Kamailio",
  withoutPace(() => started().harness),
);

describePublication(withoutPace(() => started().harness));

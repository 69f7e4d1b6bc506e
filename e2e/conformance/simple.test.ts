import { afterAll, beforeAll } from "vitest";
import { describeNetwork } from "../../main/networks/conformance.ts";
import { type SimpleServers, startSimpleServers } from "./simple-servers.ts";

let servers: SimpleServers | undefined;

beforeAll(async () => {
  servers = await startSimpleServers();
});

afterAll(() => servers?.stop());

describeNetwork("SIMPLE over Kamailio", () => {
  if (!servers) throw new Error("the servers did not start");
  return servers.harness;
});

import { afterAll, beforeAll, describe } from "vitest";
import { describeKills } from "./messaging-kills.ts";
import { type SimpleServers, startSimpleServers } from "./simple-servers.ts";

describe("messages over Kamailio", () => {
  let servers: SimpleServers | undefined;
  beforeAll(async () => {
    servers = await startSimpleServers();
  });
  afterAll(() => servers?.stop());
  describeKills(() => {
    if (!servers) throw new Error("the servers did not start");
    return servers.harness;
  });
});

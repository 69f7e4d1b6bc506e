import { expect, it } from "vitest";
import type { ErrorInfo } from "../../shared/errors.ts";
import type { Network, Reach } from "../networks/network.ts";
import { governNetwork, type TrafficRules } from "./governed-network.ts";

it("asks the rules about every address that a server sends a message on to, as they are then", () => {
  let reach: Reach | undefined;
  const network = {
    protocol: "simple",
    open: (_account: unknown, _credentials: unknown, _emit: unknown, given?: Reach) => {
      reach = given;
      return { contacts: {} };
    },
  } as unknown as Network;
  let allowed = ["inside.test"];
  let silenced: ErrorInfo | undefined;
  const rules: TrafficRules = {
    talk: (address, own) =>
      allowed.some((domain) => address.endsWith(`@${domain}`))
        ? undefined
        : { code: "blocked-by-policy", params: { setting: "AllowedDomains", own: own ?? "" } },
    blocked: () => false,
    learnGateway: () => undefined,
    silenced: () => silenced,
    shown: (presence) => presence,
  };
  governNetwork(network, rules).open(
    { id: "a", protocol: "simple", address: "me@inside.test", enabled: true, deviceId: "d", server: {} },
    { password: async () => undefined },
    () => undefined,
  );
  expect(reach?.("bob@inside.test")).toBeUndefined();
  expect(reach?.("bob@outside.test")).toEqual({ code: "blocked-by-policy", params: { setting: "AllowedDomains", own: "inside.test" } });
  allowed = ["outside.test"];
  expect([reach?.("bob@outside.test"), reach?.("bob@inside.test")?.code]).toEqual([undefined, "blocked-by-policy"]);
  silenced = { code: "blocked-by-policy", params: { setting: "E2eeMode" } };
  expect(reach?.("bob@outside.test")).toEqual(silenced);
});

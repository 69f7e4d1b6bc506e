import { expect, it } from "vitest";
import type { ErrorInfo } from "../../shared/errors.ts";
import type { NetworkEvent } from "../networks/events.ts";
import type { ArchivePage } from "../networks/facets/archive.ts";
import type { IncomingMessage, MessageChange } from "../networks/facets/messages.ts";
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
  expect(reach?.("bob@outside.test")).toEqual({
    code: "blocked-by-policy",
    params: { setting: "AllowedDomains", own: "inside.test" },
  });
  allowed = ["outside.test"];
  expect([reach?.("bob@outside.test"), reach?.("bob@inside.test")?.code]).toEqual([undefined, "blocked-by-policy"]);
  silenced = { code: "blocked-by-policy", params: { setting: "E2eeMode" } };
  expect(reach?.("bob@outside.test")).toEqual(silenced);
});

it("hears nobody who is forbidden or blocked through anybody else, live and out of the archive", async () => {
  const said = (through?: string): IncomingMessage => ({
    peer: "rooms.inside.test",
    ...(through === undefined ? {} : { through }),
    direction: "in",
    author: { address: "rooms.inside.test", isSelf: false },
    id: through,
    archiveId: undefined,
    body: "hi",
    at: undefined,
    delayed: false,
    via: "live",
    wantsDelivered: false,
    wantsRead: false,
  });
  const senders = [undefined, "good@inside.test", "bad@inside.test", "any@outside.test"];
  const messages = senders.map(said);
  const changes = messages.map((message): MessageChange => ({ ...message, kind: "retraction", targetId: "m" }));
  let tell: ((event: NetworkEvent) => void) | undefined;
  const network = {
    protocol: "xmpp",
    open: (_account: unknown, _credentials: unknown, emit: (event: NetworkEvent) => void) => {
      tell = emit;
      return {
        contacts: {},
        catchUp: async (_since: unknown, page: ArchivePage) => page(messages, "mark", changes, true),
      };
    },
  } as unknown as Network;
  const heard: NetworkEvent[] = [];
  const connection = governNetwork(network, {
    talk: (address) => (address.endsWith("inside.test") ? undefined : { code: "blocked-by-policy" }),
    blocked: (_, address) => address === "bad@inside.test",
    learnGateway: () => undefined,
    silenced: () => undefined,
    shown: (presence) => presence,
  }).open(
    { id: "a", protocol: "xmpp", address: "me@inside.test", enabled: true, deviceId: "d", server: {} },
    { password: async () => undefined },
    (event) => heard.push(event),
  );
  for (const message of messages) tell?.({ type: "message", message });
  for (const change of changes) tell?.({ type: "change", change });
  expect(
    heard.map((event) =>
      event.type === "message" ? event.message : event.type === "change" ? event.change : undefined,
    ),
  ).toEqual([...messages.slice(0, 2), ...changes.slice(0, 2)]);
  const pages: unknown[] = [];
  await connection.catchUp?.(undefined, async (...page) => void pages.push(page), new AbortController().signal);
  expect(pages).toEqual([[messages.slice(0, 2), "mark", changes.slice(0, 2), true]]);
});

import { randomUUID } from "node:crypto";
import type { ServerSettings } from "../../../../shared/model/account.ts";
import { noRules } from "../../connection-rules.ts";
import type { NetworkEnvironment } from "../../environment.ts";
import type { Emit, NetworkEvent } from "../../events.ts";
import type { Connection } from "../../network.ts";
import type { Extension } from "../extension.ts";
import { createXmppNetwork } from "../network.ts";

/** An environment of which nothing reaches beyond loopback; parts of it may be replaced. */
export function testEnvironment(over: Partial<NetworkEnvironment> = {}): NetworkEnvironment {
  const cache = new Map<string, string>();
  return {
    dns: {
      resolveSrv: () => Promise.reject(Object.assign(new Error("none"), { code: "ENOTFOUND" })),
      resolveNaptr: () => Promise.resolve([]),
      lookup: () => Promise.resolve([{ address: "127.0.0.1", family: 4 }]),
    },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    now: Date.now,
    extraTrust: [],
    minTlsVersion: "TLSv1.2",
    rules: noRules,
    allowCleartext: () => false,
    cache: {
      get: (key) => Promise.resolve(cache.get(key)),
      set: (key, value) => {
        cache.set(key, value);
        return Promise.resolve();
      },
    },
    ...over,
  };
}

export interface TestClient {
  readonly connection: Connection;
  readonly events: readonly NetworkEvent[];
  /** Resolves with the first event of that type, had or to come, that matches. */
  until<T extends NetworkEvent["type"]>(
    type: T,
    matches?: (event: Extract<NetworkEvent, { type: T }>) => boolean,
  ): Promise<Extract<NetworkEvent, { type: T }>>;
}

export interface TestClientOptions {
  /** Takes events; default: there is nothing to wait for. */
  readonly store?: Emit;
  /** Default: all. */
  readonly extensions?: readonly Extension[];
}

/** A connection of alice@example.test through our own network. */
export function openTestClient(
  server: ServerSettings,
  environment: NetworkEnvironment = testEnvironment(),
  { store = () => undefined, extensions }: TestClientOptions = {},
): TestClient {
  const events: NetworkEvent[] = [];
  const waiters = new Set<() => void>();
  const connection = createXmppNetwork(environment, extensions).open(
    { id: "account-1", protocol: "xmpp", address: "alice@example.test", enabled: true, deviceId: randomUUID(), server },
    {
      credentials: { password: () => Promise.resolve("secret") },
      emit: (event) => {
        events.push(event);
        for (const look of [...waiters]) look();
        return store(event);
      },
    },
  );
  return {
    connection,
    events,
    until: (type, matches = () => true) =>
      new Promise((resolve) => {
        const look = () => {
          const found = events.find(
            (e): e is Extract<NetworkEvent, { type: typeof type }> =>
              e.type === type && matches(e as Extract<NetworkEvent, { type: typeof type }>),
          );
          if (!found) return;
          waiters.delete(look);
          resolve(found);
        };
        waiters.add(look);
        look();
      }),
  };
}

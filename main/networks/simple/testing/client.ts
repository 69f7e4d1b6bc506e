import { randomUUID } from "node:crypto";
import type { ServerSettings } from "../../../../shared/model/account.ts";
import type { OwnPresence } from "../../../../shared/model/presence.ts";
import { noRules } from "../../connection-rules.ts";
import type { NetworkEnvironment } from "../../environment.ts";
import type { Emit, NetworkEvent } from "../../events.ts";
import type { Connection, SignedIn } from "../../network.ts";
import { createSimpleNetwork } from "../network.ts";

export type EventOf<T extends NetworkEvent["type"]> = Extract<NetworkEvent, { type: T }>;

/** A connection of `alice@example.test` with a memory. */
export interface TestClient {
  readonly connection: Connection;
  readonly events: NetworkEvent[];
  readonly cache: Map<string, string>;
  signIn(presence?: OwnPresence): Promise<SignedIn>;
  event<T extends NetworkEvent["type"]>(type: T, fits?: (event: EventOf<T>) => boolean): Promise<EventOf<T>>;
}

const notInDns = (): Promise<never> => Promise.reject(Object.assign(new Error("no DNS here"), { code: "ENOTFOUND" }));
const nothing = (): void => undefined;

export function testEnvironment(cache = new Map<string, string>()): NetworkEnvironment {
  return {
    dns: { resolveSrv: notInDns, resolveNaptr: notInDns, lookup: notInDns },
    log: { debug: nothing, info: nothing, warn: nothing },
    now: Date.now,
    extraTrust: [],
    minTlsVersion: "TLSv1.2",
    rules: noRules,
    allowCleartext: (host) => host === "127.0.0.1",
    cache: { get: async (key) => cache.get(key), set: async (key, value) => void cache.set(key, value) },
  };
}

const patience = 30_000;

/** `over`: what differs from the usual environment. */
export function openClient(
  server: ServerSettings,
  cache = new Map<string, string>(),
  over: Partial<NetworkEnvironment> = {},
  store: Emit = () => undefined,
): TestClient {
  const events: NetworkEvent[] = [];
  const waiting = new Set<() => void>();
  const connection = createSimpleNetwork({ ...testEnvironment(cache), ...over }).open(
    {
      id: "test-account",
      protocol: "simple",
      address: "alice@example.test",
      enabled: true,
      server,
      deviceId: randomUUID(),
    },
    {
      credentials: { password: async () => "secret" },
      emit: (event) => {
        events.push(event);
        for (const look of [...waiting]) look();
        return store(event);
      },
    },
  );
  return {
    connection,
    events,
    cache,
    signIn: (presence = { availability: "available" }) => connection.connect(presence, AbortSignal.timeout(patience)),
    event: (type, fits = () => true) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = events.find(
            (e): e is EventOf<typeof type> => e.type === type && fits(e as EventOf<typeof type>),
          );
          if (!found) return;
          clearTimeout(timer);
          waiting.delete(look);
          resolve(found);
        };
        const timer = setTimeout(() => {
          waiting.delete(look);
          reject(new Error(`no ${type} among ${JSON.stringify(events)}`));
        }, patience);
        waiting.add(look);
        look();
      }),
  };
}

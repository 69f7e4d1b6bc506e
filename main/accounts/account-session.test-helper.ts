import { vi } from "vitest";
import { HallwayError } from "../../shared/errors.ts";
import type { AccountConfig, Protocol } from "../../shared/model/account.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import type { NetworkEvent } from "../networks/events.ts";
import type { Connection, Network } from "../networks/network.ts";
import { xmppDescription } from "../networks/xmpp/description.ts";
import {
  type AccountSession,
  createAccountSession,
  type SessionOptions,
  type SessionStatus,
} from "./account-session.ts";

export const config: AccountConfig = {
  id: "account-1",
  protocol: "xmpp",
  address: "a@x",
  enabled: true,
  server: {},
  deviceId: "2c5ea4c0-4067-41e9-8bad-9b1deb4d3b7d",
};

/** A network whose sign-ins end as told, in order; the last one repeats. */
function scripted(results: readonly (HallwayError | undefined)[]) {
  let emit: (event: NetworkEvent) => void = () => undefined;
  let calls = 0;
  const connection: Connection = {
    async connect(_presence, signal) {
      const result = results[Math.min(calls, results.length - 1)];
      calls += 1;
      await Promise.resolve();
      if (signal.aborted) throw new HallwayError("cancelled");
      if (result) throw result;
      return { resumed: false, security: "TLSv1.3", endpoint: { host: "h", port: 1, transport: "starttls" } };
    },
    disconnect: vi.fn(async () => undefined),
    close: vi.fn(),
    presence: { set: vi.fn(async () => undefined) },
    contacts: {
      add: async () => undefined,
      ask: async () => undefined,
      update: async () => undefined,
      remove: async () => undefined,
      accept: async () => undefined,
      decline: async () => undefined,
    },
    messages: { send: async () => undefined },
    check: vi.fn(),
  };
  const network: Network = {
    description: xmppDescription,
    discover: async () => [],
    open(_account, options) {
      ({ emit } = options);
      return connection;
    },
  };
  return { network, connection, emit: (event: NetworkEvent) => emit(event), calls: () => calls };
}

/** A session over such a network, and what it tells. */
export function sessionOver(
  results: readonly (HallwayError | undefined)[],
  presence: () => OwnPresence = () => ({ availability: "available" }),
  {
    protocol = config.protocol,
    onSignedIn = async () => undefined,
  }: { readonly protocol?: Protocol; readonly onSignedIn?: SessionOptions["onSignedIn"] } = {},
) {
  const script = scripted(results);
  const policy = { refuses: false };
  const states: SessionStatus[] = [];
  const events: string[] = [];
  /** Entries that were written. */
  const written: string[] = [];
  const logged: unknown[] = [];
  const session: AccountSession = createAccountSession({
    config: { ...config, protocol },
    network: script.network,
    password: async () => "pw",
    refusal: () => (policy.refuses ? { code: "blocked-by-policy" } : undefined),
    presence,
    onStatus: (status) => states.push(status),
    onEvent: ({ type }) => void events.push(type),
    onSignedIn,
    audit: {
      signedIn: ({ endpoint }) => written.push(`signed in ${endpoint.host}`),
      refused: ({ code }) => written.push(`refused ${code}`),
      signedOut: (error) => written.push(`signed out ${error?.code ?? ""}`),
    },
    log: { debug: () => undefined, info: (what, about) => logged.push({ what, ...about }), warn: () => undefined },
    now: () => Date.now(),
  });
  return { ...script, session, states, events, policy, written, logged };
}

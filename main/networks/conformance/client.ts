import { randomUUID } from "node:crypto";
import type { ServerSettings } from "../../../shared/model/account.ts";
import type { Address } from "../../../shared/model/address.ts";
import type { OwnPresence } from "../../../shared/model/presence.ts";
import { noRules } from "../connection-rules.ts";
import type { NetworkEnvironment } from "../environment.ts";
import type { NetworkEvent } from "../events.ts";
import type { ArchiveMark, ArchivePage } from "../facets/archive.ts";
import type { IncomingMessage } from "../facets/messages.ts";
import type { Log } from "../log.ts";
import type { Connection, Reach, SignedIn } from "../network.ts";
import type { Harness, TestAccount } from "./harness.ts";

export type EventOf<T extends NetworkEvent["type"]> = Extract<NetworkEvent, { type: T }>;

/** How long something that has to happen may take, in ms: a real server on a machine that does much else. */
export const patience = 30_000;

const available: OwnPresence = { availability: "available" };
const silent: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined };

/** A connection with a memory: what every test of the suite drives. */
export interface TestClient {
  readonly address: Address;
  readonly connection: Connection;
  readonly events: readonly NetworkEvent[];
  /** Signs in, and reads the archive when the session is a new one and the network has one. */
  signIn(presence?: OwnPresence): Promise<SignedIn>;
  /** Sends with a new id (or the one given) and answers the id. */
  say(to: Address, body: string, options?: { id?: string; wantReceipts?: boolean; at?: number }): Promise<string>;
  /** Resolves with the first event, past or to come, that is of this type and fits. */
  event<T extends NetworkEvent["type"]>(
    type: T,
    fits?: (event: EventOf<T>) => boolean,
    since?: number,
    within?: number,
  ): Promise<EventOf<T>>;
  /** Resolves with the message once it is here. */
  message(fits: (message: IncomingMessage) => boolean): Promise<IncomingMessage>;
  /**
   * Messages so far; one that came twice under the same id (live and from the archive) counts once, as history has it.
   */
  messages(): readonly IncomingMessage[];
  /** Place in `events` to hand to `event` as `since`. */
  now(): number;
  setPassword(password: string | undefined): void;
}

/**
 * Everything that a client leaves on its machine: hand the same to the next one to be the same installation started
 * again.
 */
export interface Installation {
  readonly cache: Map<string, string>;
  readonly accountId: string;
  readonly deviceId: string;
  mark: ArchiveMark | undefined;
}

export function newInstallation(): Installation {
  return { cache: new Map(), accountId: `test-${randomUUID().slice(0, 13)}`, deviceId: randomUUID(), mark: undefined };
}

/** Environment that a network is given in tests. */
export function testEnvironment(harness: Pick<Harness, "dns">, cache: Map<string, string>): NetworkEnvironment {
  return {
    dns: harness.dns,
    log: silent,
    now: () => Date.now(),
    extraTrust: [],
    minTlsVersion: "TLSv1.2",
    rules: noRules,
    allowCleartext: () => false,
    cache: { get: async (key) => cache.get(key), set: async (key, value) => void cache.set(key, value) },
  };
}

/** Differences from the usual environment, and the rules about who may be written to. */
export type ClientOptions = Partial<NetworkEnvironment> & { readonly reach?: Reach };

/** Opens a client of the harness's network; close it by `connection.close()`. */
export function openClient(
  harness: Pick<Harness, "protocol" | "createNetwork" | "dns" | "settings">,
  account: TestAccount,
  server: ServerSettings = harness.settings("good"),
  installation = newInstallation(),
  { reach, ...over }: ClientOptions = {},
): TestClient {
  const events: NetworkEvent[] = [];
  const waiting = new Set<() => void>();
  const record = (event: NetworkEvent): void => {
    events.push(event);
    for (const look of waiting) look();
  };
  let password: string | undefined = account.password;
  const network = harness.createNetwork({ ...testEnvironment(harness, installation.cache), ...over });
  const connection = network.open(
    {
      id: installation.accountId,
      protocol: harness.protocol,
      address: account.address,
      enabled: true,
      server,
      deviceId: installation.deviceId,
    },
    { credentials: { password: async () => password }, emit: record, reach },
  );

  const until = <T>(look: () => T | undefined, what: () => string, within = patience): Promise<T> =>
    new Promise((resolve, reject) => {
      const attempt = (): void => {
        const found = look();
        if (found === undefined) return;
        clearTimeout(timer);
        waiting.delete(attempt);
        resolve(found);
      };
      const timer = setTimeout(() => {
        waiting.delete(attempt);
        reject(
          new Error(
            `${account.address} waited ${within} ms for ${what()}; its last events: ${JSON.stringify(events.slice(-12))}`,
          ),
        );
      }, within);
      waiting.add(attempt);
      attempt();
    });

  const client: TestClient = {
    address: account.address,
    connection,
    events,
    async signIn(presence = available) {
      const signedIn = await connection.connect(presence, AbortSignal.timeout(patience * 2));
      if (!signedIn.resumed && connection.archive) {
        const keep = async ({ messages, mark, changes }: ArchivePage): Promise<void> => {
          for (const message of messages) record({ type: "message", message });
          for (const change of changes) record({ type: "change", change });
          installation.mark = mark;
        };
        await connection.archive.catchUp(installation.mark, keep, AbortSignal.timeout(patience));
      }
      return signedIn;
    },
    async say(to, body, { id = randomUUID(), wantReceipts = false, at = Date.now() } = {}) {
      await connection.messages.send({ id, to, body, at, wantReceipts });
      return id;
    },
    event: (type, fits = () => true, since = 0, within = patience) =>
      until(
        () =>
          events
            .slice(since)
            .find((event): event is EventOf<typeof type> => event.type === type && fits(event as EventOf<typeof type>)),
        () => `an event ${type}`,
        within,
      ),
    message: (fits) =>
      until(
        () => client.messages().find(fits),
        () =>
          `a message ${fits} beside ${client
            .messages()
            .map(({ body }) => body.slice(0, 40))
            .join(" | ")}`,
      ),
    messages() {
      const once = new Map<string, IncomingMessage>();
      for (const event of events) {
        if (event.type !== "message") continue;
        const { peer, direction, id, archiveId } = event.message;
        const key = `${peer} ${direction} ${id ?? archiveId ?? events.indexOf(event)}`;
        if (!once.has(key)) once.set(key, event.message);
      }
      return [...once.values()];
    },
    now: () => events.length,
    setPassword(next) {
      password = next;
    },
  };
  return client;
}

/** Both get the other on their list, and each may see the other's presence. */
export async function befriend(one: TestClient, other: TestClient): Promise<void> {
  const sees = (who: TestClient, whom: TestClient): Promise<unknown> =>
    who.event("presence", ({ address, presence }) => address === whom.address && presence.availability === "available");
  await one.connection.contacts.add(other.address, undefined, []);
  await other.event("subscription-request", ({ address }) => address === one.address);
  await other.connection.contacts.accept(one.address);
  await other.connection.contacts.add(one.address, undefined, []);
  // A network may let those see us whom we asked first (RFC 6121 section 3.4); one that does not asks here.
  const asked = one
    .event("subscription-request", ({ address }) => address === other.address)
    .then(() => one.connection.contacts.accept(other.address));
  await Promise.all([sees(one, other), Promise.any([sees(other, one), asked.then(() => sees(other, one))])]);
}

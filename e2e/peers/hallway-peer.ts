import { randomUUID } from "node:crypto";
import { lookup } from "node:dns/promises";
import { createInterface } from "node:readline";
import { noRules } from "../../main/networks/connection-rules.ts";
import type { NetworkEnvironment } from "../../main/networks/environment.ts";
import type { NetworkEvent } from "../../main/networks/events.ts";
import type { Connection, Network } from "../../main/networks/network.ts";
import { createSimpleNetwork } from "../../main/networks/simple/network.ts";
import { createXmppNetwork } from "../../main/networks/xmpp/network.ts";
import { HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { PeerCommand, PeerReport } from "./peer-protocol.ts";

/**
 * A second client process over Hallway's networks, without window or history: the other side of e2e tests and the
 * live contacts of the demo. Any number of accounts; commands come on stdin, reports go to stdout, one JSON value a
 * line. It accepts everybody who asks and confirms delivery, as a person's client would. Ends when stdin ends.
 */
const report = (line: PeerReport): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const cache = new Map<string, string>();
const nothing = (): void => undefined;
const notInDns = async (): Promise<never> => {
  throw Object.assign(new Error("peers are told where their server is"), { code: "ENOTFOUND" });
};

const environment: NetworkEnvironment = {
  dns: {
    resolveSrv: notInDns,
    resolveNaptr: notInDns,
    lookup: async (host) =>
      (await lookup(host, { all: true })).map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 })),
  },
  log: { debug: nothing, info: nothing, warn: nothing },
  now: () => Date.now(),
  extraTrust: [],
  minTlsVersion: "TLSv1.2",
  rules: noRules,
  // only where an account says so
  allowCleartext: () => true,
  cache: { get: async (key) => cache.get(key), set: async (key, value) => void cache.set(key, value) },
};
const networks: readonly Network[] = [createXmppNetwork(environment), createSimpleNetwork(environment)];
const connections = new Map<string, Connection>();

function connectionOf(who: string): Connection {
  const connection = connections.get(who);
  if (!connection) throw new HallwayError("not-found");
  return connection;
}

function open(command: Extract<PeerCommand, { do: "open" }>): void {
  const { who, protocol, address, password, server } = command;
  const network = networks.find((candidate) => candidate.description.id === protocol);
  if (!network) throw new HallwayError("unsupported");
  const account = {
    id: `peer-${randomUUID().slice(0, 8)}`,
    protocol,
    address,
    enabled: true,
    server,
    deviceId: randomUUID(),
  };
  const connection = network.open(account, {
    credentials: { password: async () => password },
    emit: (event) => {
      report({ who, event });
      answerAsAClient(connection, event);
    },
  });
  connections.set(who, connection);
}

function answerAsAClient(connection: Connection, event: NetworkEvent): void {
  if (event.type === "subscription-request") {
    const { address } = event;
    const answered = connection.contacts.accept(address).then(() => connection.contacts.add(address, undefined, []));
    void answered.catch(nothing);
  }
  if (
    event.type === "message" &&
    event.message.wantsDelivered &&
    event.message.id !== undefined &&
    event.message.direction === "in"
  ) {
    connection.messages.sendReceipt?.({ to: event.message.peer, messageId: event.message.id, kind: "delivered" });
  }
}

async function perform(command: PeerCommand): Promise<void> {
  if (command.do === "open") return open(command);
  const connection = connectionOf(command.who);
  switch (command.do) {
    case "connect":
      await connection.connect(command.presence, AbortSignal.timeout(30_000));
      return;
    case "disconnect":
      return connection.disconnect();
    case "presence":
      return connection.presence.set(command.presence);
    case "say": {
      const { id, to, body, wantReceipts } = command;
      return connection.messages.send({ id, to, body, at: Date.now(), wantReceipts });
    }
    case "correct": {
      const { id, to, targetId, body } = command;
      return connection.messages.correct?.({ id, to, targetId, body, at: Date.now() });
    }
    case "retract": {
      const { id, to, targetId } = command;
      return connection.messages.retract?.({ id, to, targetId, at: Date.now(), fallback: "took a message back" });
    }
    case "typing":
      return connection.messages.sendTyping?.(command.to, command.active);
    case "read":
      return connection.messages.sendReceipt?.({ to: command.to, messageId: command.id, kind: "read" });
    case "add":
      return connection.contacts.add(command.address, command.name, command.groups);
  }
}

const lines = createInterface({ input: process.stdin });
lines.on("line", (line) => {
  const command = JSON.parse(line) as PeerCommand;
  perform(command).then(
    () => report({ n: command.n, ok: true }),
    (error: unknown) => report({ n: command.n, ok: false, error: toErrorInfo(error) }),
  );
});
lines.on("close", () => {
  const ends = [...connections.values()].map((connection) => connection.disconnect().catch(nothing));
  void Promise.all(ends).then(() => {
    for (const connection of connections.values()) connection.close();
    process.exit(0);
  });
});

import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { NetworkEvent } from "../../main/networks/events.ts";
import { HallwayError } from "../../shared/errors.ts";
import type { Protocol, ServerSettings } from "../../shared/model/account.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";
import type { PeerCommand, PeerReport } from "./peer-protocol.ts";

export interface PeerAccount {
  readonly protocol: Protocol;
  readonly address: string;
  readonly password: string;
  readonly server: ServerSettings;
}

/** Somebody on the other side, in another process. */
export interface Peer {
  readonly address: string;
  readonly events: readonly NetworkEvent[];
  connect(presence?: OwnPresence): Promise<void>;
  disconnect(): Promise<void>;
  setPresence(presence: OwnPresence): Promise<void>;
  /** Answers the message's id. */
  say(to: string, body: string, wantReceipts?: boolean): Promise<string>;
  /** The same under an id of the caller's: given again, it is the same message. */
  send(id: string, to: string, body: string): Promise<void>;
  /** Answers the id of the correction. */
  correct(to: string, targetId: string, body: string): Promise<string>;
  /** Answers the id of the retraction. */
  retract(to: string, targetId: string): Promise<string>;
  typing(to: string, active: boolean): Promise<void>;
  /** Tells that a message was read. */
  read(to: string, id: string): Promise<void>;
  add(address: string, name?: string, groups?: readonly string[]): Promise<void>;
  /** Bodies of messages that came in, each id once. */
  received(from?: string): readonly string[];
  /** Resolves with the first event, past or to come, that fits. */
  event(fits: (event: NetworkEvent) => boolean, since?: number): Promise<NetworkEvent>;
  /** Resolves when a message with this body is here. */
  message(body: string): Promise<void>;
  onEvent(listener: (event: NetworkEvent) => void): () => void;
}

/** One process with as many peers as are opened. */
export interface Peers {
  readonly pid: number;
  open(account: PeerAccount): Promise<Peer>;
  /** Signs all out and ends the process. */
  stop(): Promise<void>;
}

const patience = 30_000;
type Unnumbered<T> = T extends unknown ? Omit<T, "n"> : never;

/** Starts the peer process (hallway-peer.ts) under the same Node. */
export function startPeers(): Peers {
  const child: ChildProcess = spawn(process.execPath, [fileURLToPath(new URL("hallway-peer.ts", import.meta.url))], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const { stdin, stdout, pid } = child;
  if (!stdin || !stdout || pid === undefined) throw new Error("the peer process cannot be started");
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stopWithUs = (): void => void child.kill();
  process.once("exit", stopWithUs);
  const pending = new Map<number, { resolve: () => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, (event: NetworkEvent) => void>();
  let last = 0;

  createInterface({ input: stdout }).on("line", (line) => {
    const said = JSON.parse(line) as PeerReport;
    if ("who" in said) return listeners.get(said.who)?.(said.event);
    const call = pending.get(said.n);
    pending.delete(said.n);
    if (said.ok) call?.resolve();
    else call?.reject(new HallwayError(said.error.code, said.error.params));
  });
  void exited.then(() => {
    for (const call of pending.values()) call.reject(new Error("the peer process ended"));
  });
  const tell = (command: Unnumbered<PeerCommand>): Promise<void> =>
    new Promise((resolve, reject) => {
      const n = ++last;
      pending.set(n, { resolve, reject });
      stdin.write(`${JSON.stringify({ n, ...command })}\n`);
    });

  return {
    pid,
    async open(account) {
      const who = randomUUID();
      const events: NetworkEvent[] = [];
      const listening = new Set<(event: NetworkEvent) => void>();
      listeners.set(who, (event) => {
        events.push(event);
        for (const listener of listening) listener(event);
      });
      await tell({ do: "open", who, ...account });
      return peerOf({ address: account.address, who, events, listening, tell });
    },
    async stop() {
      process.off("exit", stopWithUs);
      stdin.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await exited;
      clearTimeout(timer);
    },
  };
}

interface PeerParts {
  readonly address: string;
  /** The peer's name in the other process. */
  readonly who: string;
  readonly events: readonly NetworkEvent[];
  readonly listening: Set<(event: NetworkEvent) => void>;
  readonly tell: (command: Unnumbered<PeerCommand>) => Promise<void>;
}

function peerOf({ address, who, events, listening, tell }: PeerParts): Peer {
  const event = (fits: (event: NetworkEvent) => boolean, since = 0): Promise<NetworkEvent> => {
    const past = events.slice(since).find(fits);
    if (past) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        listening.delete(look);
        reject(
          new Error(`${address} waited ${patience} ms in vain; its last events: ${JSON.stringify(events.slice(-8))}`),
        );
      }, patience);
      const look = (next: NetworkEvent): void => {
        if (!fits(next)) return;
        clearTimeout(timer);
        listening.delete(look);
        resolve(next);
      };
      listening.add(look);
    });
  };
  return {
    address,
    events,
    connect: (presence = { availability: "available" }) => tell({ do: "connect", who, presence }),
    disconnect: () => tell({ do: "disconnect", who }),
    setPresence: (presence) => tell({ do: "presence", who, presence }),
    async say(to, body, wantReceipts = true) {
      const id = randomUUID();
      await tell({ do: "say", who, to, body, id, wantReceipts });
      return id;
    },
    send: (id, to, body) => tell({ do: "say", who, to, body, id, wantReceipts: true }),
    async correct(to, targetId, body) {
      const id = randomUUID();
      await tell({ do: "correct", who, to, targetId, body, id });
      return id;
    },
    async retract(to, targetId) {
      const id = randomUUID();
      await tell({ do: "retract", who, to, targetId, id });
      return id;
    },
    typing: (to, active) => tell({ do: "typing", who, to, active }),
    read: (to, id) => tell({ do: "read", who, to, id }),
    add: (other, name, groups = []) =>
      tell({ do: "add", who, address: other, groups, ...(name === undefined ? {} : { name }) }),
    received(from) {
      const once = new Map<string, string>();
      for (const [index, item] of events.entries()) {
        if (
          item.type !== "message" ||
          item.message.direction !== "in" ||
          (from !== undefined && item.message.peer !== from)
        )
          continue;
        once.set(item.message.id ?? item.message.archiveId ?? String(index), item.message.body);
      }
      return [...once.values()];
    },
    event,
    message: async (body) =>
      void (await event(
        (candidate) =>
          candidate.type === "message" && candidate.message.direction === "in" && candidate.message.body === body,
      )),
    onEvent(listener) {
      listening.add(listener);
      return () => listening.delete(listener);
    },
  };
}

import * as v from "valibot";
import { type ErrorInfo, HallwayError, toErrorInfo } from "../../shared/errors.ts";
import { contract, type Method } from "../../shared/ipc/contract.ts";
import type { Call, CommandMessage, RendererTransport, Reply, UpdateMessage } from "../../shared/ipc/transport.ts";
import type { Op } from "../../shared/ipc/updates.ts";
import { placeOf } from "../../shared/model/conversation-id.ts";
import type { MessageRecord } from "../../shared/model/message.ts";
import { accountHandlers } from "./fake-accounts.ts";
import { contactHandlers } from "./fake-contacts.ts";
import { conversationHandlers } from "./fake-conversations.ts";
import type { Handlers } from "./fake-handlers.ts";
import { historyHandlers } from "./fake-history.ts";
import { settingHandlers } from "./fake-settings.ts";
import { type FakeState, FakeStore } from "./fake-store.ts";

/** A stand-in for main behind the same transport, for development, screenshots and tests. */
export interface FakeMain {
  readonly transport: RendererTransport;
  /** Every call that was made, oldest first. */
  readonly calls: readonly Call[];
  publish(ops: readonly Op[]): void;
  command(command: CommandMessage["command"]): void;
  /** The next call of this method is refused. */
  failNext(method: Method, error: ErrorInfo): void;
  /** Calls of this method are not answered until it is released. */
  hold(method: Method): () => void;
  /** The messages with this in their text. */
  said(text: string): readonly MessageRecord[];
  /** All of a conversation is out of sight, and nobody was told. */
  lose(conversationId: string): void;
  /** Somebody writes. */
  receive(conversationId: string, body: string, at?: number): void;
}

export function createFakeMain(state: FakeState = {}): FakeMain {
  const listeners = new Set<Parameters<RendererTransport["listen"]>[0]>();
  const calls: Call[] = [];
  const failures = new Map<string, ErrorInfo>();
  const held = new Map<string, (() => void)[]>();

  const say = (message: Reply | UpdateMessage | CommandMessage): void => {
    // As over a real boundary: a copy, later.
    const copy = structuredClone(message);
    setTimeout(() => {
      for (const listener of listeners) listener(copy);
    });
  };
  const store = new FakeStore(state, (ops, seq) => say({ kind: "update", update: { seq, ops } }));
  const handlers: Handlers = {
    ...accountHandlers(store),
    ...contactHandlers(store),
    ...conversationHandlers(store),
    ...historyHandlers(store),
    ...settingHandlers(store),
    "accounts.cancelAdd": () => {
      failures.set("accounts.add", { code: "cancelled" });
      for (const release of held.get("accounts.add") ?? []) release();
      return {};
    },
  };

  const answer = async (call: Call): Promise<void> => {
    try {
      const failure = failures.get(call.method);
      failures.delete(call.method);
      if (failure !== undefined) throw new HallwayError(failure.code, failure.params);
      const declared = contract[call.method as Method];
      if (declared === undefined || !v.is(declared.args, call.args)) throw new HallwayError("invalid-argument");
      const handler = handlers[call.method as Method] as ((args: unknown) => unknown) | undefined;
      const given = handler?.(call.args) ?? {};
      // What is answered at once comes in the order of the calls.
      const result = given instanceof Promise ? await given : given;
      say({ kind: "reply", id: call.id, ok: true, result });
    } catch (error) {
      say({ kind: "reply", id: call.id, ok: false, error: toErrorInfo(error) });
    }
  };

  return {
    transport: {
      post(call) {
        calls.push(structuredClone(call));
        const waiting = held.get(call.method);
        if (waiting === undefined) void answer(call);
        else waiting.push(() => void answer(call));
      },
      listen(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    calls,
    publish: (ops) => store.publish(ops),
    command: (command) => say({ kind: "command", command }),
    failNext: (method, error) => failures.set(method, error),
    hold(method) {
      const waiting: (() => void)[] = [];
      held.set(method, waiting);
      return () => {
        held.delete(method);
        for (const release of waiting.splice(0)) release();
      };
    },
    said: (text) => [...store.messages.values()].flat().filter(({ body }) => body.includes(text)),
    lose(conversationId) {
      store.messages.delete(conversationId);
    },
    receive(conversationId, body, at = Date.now()) {
      const seq = store.nextSeq();
      store.add({
        id: `in-${seq}`,
        conversationId,
        accountId: placeOf(conversationId).accountId,
        direction: "in",
        author: { isSelf: false },
        body,
        at,
        seq,
        state: "received",
      });
    },
  };
}

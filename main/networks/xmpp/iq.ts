import { randomUUID } from "node:crypto";
import xml, { type Element } from "@xmpp/xml";
import { HallwayError } from "../../../shared/errors.ts";
import { nsStanzas, stanzaErrorCode } from "./errors.ts";
import type { RequestHandler } from "./extension.ts";
import { parseJid } from "./jid.ts";
import type { SendRefusal } from "./managed-stream.ts";
import { firstChild } from "./xml/element.ts";
import { lossOf } from "./xml/wire-element.ts";

const timeoutMs = 30_000;
/**
 * A long answer may take longer: over a slow line, and from a server that has other things to do first. The stream's
 * own watch over silence goes on.
 */
const largeTimeoutMs = 10 * 60_000;
/** Longest id that is echoed: a reply takes up room until the server has acknowledged it. */
const maxEchoedId = 1023;
/** So many requests may wait for their reply at once. */
const maxPending = 2000;

export interface IqOptions {
  readonly address: string;
  readonly domain: string;
  /** Sends a request; answers why not. */
  readonly send: (stanza: Element) => SendRefusal | undefined;
  /** Sends an answer to a request of somebody else, if there is room. */
  readonly reply: (stanza: Element) => void;
  readonly refuse: (what: string) => void;
  /** May this address ask what contacts may? */
  readonly mayAsk: (address: string) => boolean;
  readonly jid: () => string;
}

/** Requests and replies (RFC 6120 section 8.2.3). */
export interface IqLayer {
  /**
   * `to` undefined: the own account. `large`: the answer may be longer than other stanzas. Errors: of the reply,
   * `timed-out`; with `abort`, whatever it was given.
   */
  request(type: "get" | "set", payload: Element, to?: string, large?: boolean): Promise<Element>;
  /**
   * Is this the start of an answer to a request that was made as `large`? Until the whole of it is here, others have
   * more time.
   */
  isLarge(start: Element): boolean;
  handle(stanza: Element): void;
  /** Requests that others make, by `get` or `set`, a space, and the payload's namespace. Returns a disposer. */
  answer(key: string, handler: RequestHandler): () => void;
  /** Fails all that wait. */
  abort(error: HallwayError): void;
}

interface Pending {
  readonly to: string | undefined;
  readonly large: boolean;
  resolve(reply: Element): void;
  reject(error: HallwayError): void;
  timer: NodeJS.Timeout | undefined;
}

export function createIqLayer(options: IqOptions): IqLayer {
  const pending = new Map<string, Pending>();
  /** The long answer that is coming in: what was answered after it waits behind it. */
  let arriving: string | undefined;
  const handlers = new Map<string, RequestHandler>();

  /**
   * RFC 6120 section 8.1.2.1: a reply without `from`, or from the own bare or full JID or server, is the server's for a
   * request to the account.
   */
  function isFrom(from: string | undefined, asked: string | undefined): boolean {
    const sender = from === undefined ? undefined : parseJid(from);
    if (from !== undefined && !sender) return false;
    if (asked === undefined || asked === options.address) {
      return (
        !sender ||
        sender.full === options.address ||
        sender.full === options.jid() ||
        (asked === undefined && sender.full === options.domain)
      );
    }
    if (asked === options.domain) return !sender || sender.full === options.domain;
    return sender !== undefined && sender.full === parseJid(asked)?.full;
  }

  function settle(id: string, { timer }: Pending): void {
    pending.delete(id);
    clearTimeout(timer);
    if (arriving === id) arriving = undefined;
  }

  function giveTime(id: string, waiting: Pending): void {
    waiting.timer = setTimeout(
      () => {
        if (arriving !== undefined && arriving !== id) return giveTime(id, waiting);
        settle(id, waiting);
        waiting.reject(new HallwayError("timed-out"));
      },
      waiting.large ? largeTimeoutMs : timeoutMs,
    );
  }

  function handleReply(stanza: Element): void {
    const id = stanza.attrs["id"] ?? "";
    const waiting = pending.get(id);
    if (!waiting) return;
    if (!isFrom(stanza.attrs["from"], waiting.to)) {
      options.refuse("a reply from somebody who was not asked");
      return;
    }
    settle(id, waiting);
    // Half an answer is none: what is missing from a contact list would be taken for removed.
    if (lossOf(stanza) === "cut") waiting.reject(new HallwayError("too-large"));
    else if (stanza.attrs["type"] === "result") waiting.resolve(stanza);
    else waiting.reject(new HallwayError(stanzaErrorCode(stanza)));
  }

  function handleRequest(stanza: Element): void {
    const { id, from, type } = stanza.attrs;
    const payload = firstChild(stanza);
    const sender = from === undefined ? undefined : parseJid(from);
    if (id === undefined || (from !== undefined && !sender)) return;
    if (id.length > maxEchoedId) {
      options.refuse("a request whose id is too long to be echoed");
      return;
    }
    const handler = payload ? handlers.get(`${type} ${payload.getNS() ?? ""}`) : undefined;
    const own = !sender || sender.bare === options.address || sender.full === options.domain;
    if (
      !payload ||
      !handler ||
      !(own || (handler.from === "contacts" && sender.address !== undefined && options.mayAsk(sender.address)))
    ) {
      if (handler) options.refuse("a request from somebody who may not ask");
      options.reply(errorReply(stanza, "cancel", "service-unavailable"));
      return;
    }
    // The own server may say what is not asked in every detail; of anybody else nothing is guessed.
    if (lossOf(stanza) === "cut" || (lossOf(stanza) !== undefined && !own)) {
      options.reply(errorReply(stanza, "modify", "policy-violation"));
      return;
    }
    try {
      const result = handler.answer(payload, stanza);
      options.reply(xml("iq", { type: "result", id, to: from }, result));
    } catch (error) {
      const code = error instanceof HallwayError ? error.code : undefined;
      if (code === "not-found") options.reply(errorReply(stanza, "cancel", "item-not-found"));
      else if (code === "unsupported") options.reply(errorReply(stanza, "cancel", "service-unavailable"));
      else options.reply(errorReply(stanza, "modify", "bad-request"));
    }
  }

  return {
    request: (type, payload, to, large = false) =>
      new Promise((resolve, reject) => {
        if (pending.size >= maxPending) {
          reject(new HallwayError("rate-limited"));
          return;
        }
        const id = randomUUID();
        const waiting: Pending = { to, large, resolve, reject, timer: undefined };
        giveTime(id, waiting);
        // The handler stands before anything is written, so that no reply can be too early for it.
        pending.set(id, waiting);
        const refusal = options.send(xml("iq", { type, id, to }, payload));
        // Where there is no stream, whoever ends the session says so.
        if (refusal === undefined || refusal === "offline") return;
        settle(id, waiting);
        reject(new HallwayError(refusal));
      }),
    isLarge: (start) => {
      if (start.name !== "iq" || start.attrs["type"] !== "result") return false;
      const id = start.attrs["id"] ?? "";
      const waiting = pending.get(id);
      if (waiting?.large !== true || !isFrom(start.attrs["from"], waiting.to)) return false;
      arriving = id;
      return true;
    },
    handle: (stanza) => {
      const { type } = stanza.attrs;
      if (type === "result" || type === "error") handleReply(stanza);
      else if (type === "get" || type === "set") handleRequest(stanza);
      else options.refuse("a request of no known type");
    },
    answer: (key, handler) => {
      handlers.set(key, handler);
      return () => handlers.delete(key);
    },
    abort: (error) => {
      for (const [id, waiting] of [...pending]) {
        settle(id, waiting);
        waiting.reject(error);
      }
    },
  };
}

/** RFC 6120 section 8.3.1. */
export function errorReply(stanza: Element, type: string, condition: string): Element {
  return xml(
    stanza.name,
    { type: "error", id: stanza.attrs["id"], to: stanza.attrs["from"] },
    xml("error", { type }, xml(condition, nsStanzas)),
  );
}

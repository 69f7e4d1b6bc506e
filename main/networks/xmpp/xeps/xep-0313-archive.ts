import { randomUUID } from "node:crypto";
import xml, { type Element } from "@xmpp/xml";
import * as v from "valibot";
import { HallwayError, toErrorInfo } from "../../../../shared/errors.ts";
import { parseJson } from "../../../../shared/parse-json.ts";
import type { NetworkEvent } from "../../events.ts";
import type { ArchiveFacet, ArchiveMark, ArchivePage } from "../../facets/archive.ts";
import type { IncomingMessage, MessageChange } from "../../facets/messages.ts";
import { type Awaitable, after } from "../awaitable.ts";
import { defineExtension } from "../extension.ts";
import type { ExtensionHost } from "../extension-host.ts";
import { maxIdLength, toChange, toIncoming, usableId } from "../message/messages.ts";
import { ownAccount } from "../senders.ts";
import { childOf } from "../xml/element.ts";
import { parseTime } from "./xep-0203-delay.ts";

const nsArchive = "urn:xmpp:mam:2";
const nsForward = "urn:xmpp:forward:0";
const nsRsm = "http://jabber.org/protocol/rsm";
const nsData = "jabber:x:data";
/** The largest page that servers give (lab: with small pages the round trips cost more than the messages). */
const pageSize = 250;
/** A server may not send more than was asked for. */
const maxResults = 1000;
const firstTimeMs = 30 * 24 * 3600 * 1000;
/** The server's clock and ours may differ. */
const clockMs = 3600 * 1000;

const MarkSchema = v.object({ id: v.optional(v.pipe(v.string(), v.maxLength(maxIdLength))), at: v.number() });
type Mark = v.InferOutput<typeof MarkSchema>;

/** Content of one result. */
interface Found {
  readonly message: IncomingMessage | undefined;
  readonly change: MessageChange | undefined;
  readonly events: readonly NetworkEvent[];
}

interface Query {
  /** In the order in which they came. */
  readonly found: Awaitable<Found | undefined>[];
  results: number;
  last: string | undefined;
  lastAt: number | undefined;
}

/** Message Archive Management: what was said while we were away. */
export const messageArchive = defineExtension({
  name: "XEP-0313: Message Archive Management",
  features: [],
  attach: (session) => {
    const archive = new ServerArchive(session);
    /** The server has said what it offers, and this is not among it. */
    let isMissing = false;
    const facet: ArchiveFacet = {
      catchUp: (since, take, signal) => archive.catchUp(since, take, signal),
      markAt: (id, at) => JSON.stringify({ id, at } satisfies Mark),
    };
    return {
      envelopes: {
        [nsArchive]: {
          from: ownAccount,
          holds: ({ name }) => name === "result",
          open: (result) => {
            archive.take(result);
            return undefined;
          },
        },
      },
      discovered: () => {
        isMissing = !session.discovery.offers(nsArchive);
        session.facetsChanged();
      },
      ended: () => {
        archive.clear();
        isMissing = false;
      },
      facets: { archive: () => (isMissing ? undefined : facet) },
    };
  },
});

interface Page {
  readonly query: Query;
  readonly complete: boolean;
}

/** Where a page begins: at a time, or right after a message. */
interface Start {
  readonly at?: number | undefined;
  readonly after?: string | undefined;
}

/** The archive of the own account, page by page. */
class ServerArchive {
  readonly #session: ExtensionHost;
  readonly #queries = new Map<string, Query>();

  constructor(session: ExtensionHost) {
    this.#session = session;
  }

  /** Section 8: results MUST be ignored unless we asked, and the answer comes from the archive we asked. */
  take(result: Element): void {
    const query = this.#queries.get(result.attrs["queryid"] ?? "");
    if (!query) this.#session.refuse("an archived message that was not asked for");
    else if (query.results < maxResults) this.#read(query, result);
    else query.results += 1;
  }

  clear(): void {
    this.#queries.clear();
  }

  /** Reads page after page; the next is asked for while one is being kept, so that the server is never idle. */
  async catchUp(
    since: ArchiveMark | undefined,
    take: (page: ArchivePage) => Promise<void>,
    signal: AbortSignal,
  ): Promise<void> {
    const session = this.#session;
    if (!session.discovery.offers(nsArchive)) throw new HallwayError("unsupported");
    const now = session.environment.now();
    let mark = readMark(since);
    let byTime = mark?.id === undefined;
    let next: Promise<Page> | undefined = this.#ask({
      at: byTime ? (mark?.at ?? now - firstTimeMs) : undefined,
      after: mark?.id,
    });
    try {
      while (next) {
        let current: Page;
        try {
          current = await orAborted(next, signal);
        } catch (error) {
          // Section 4.3: the archive does not know the mark any more (it expired): go by time from where it was.
          const isForgotten = error instanceof HallwayError && error.code === "recipient-unknown";
          if (!isForgotten || mark?.id === undefined || byTime) throw error;
          byTime = true;
          next = this.#ask({ at: mark.at - clockMs });
          continue;
        }
        const { query, complete } = current;
        const lastId: string | undefined = query.last;
        const ended = complete || lastId === undefined || lastId === mark?.id;
        if (lastId !== undefined) mark = { id: lastId, at: query.lastAt ?? mark?.at ?? now };
        // What comes after this message is late enough: a time beside it would only cost the server another look.
        next = ended ? undefined : this.#ask({ after: lastId });
        // It is awaited in the next round; until then its failure is nobody's.
        next?.catch(() => undefined);
        const found = await this.#readAll(query);
        const messages = found.flatMap(({ message }) => message ?? []);
        const changes = found.flatMap(({ change }) => change ?? []);
        if (lastId !== undefined) await take({ messages, changes, mark: JSON.stringify(mark), exact: !byTime });
        else if (since === undefined && mark === undefined)
          await take({
            messages: [],
            changes: [],
            mark: JSON.stringify({ at: now - clockMs } satisfies Mark),
            exact: false,
          });
        for (const { events } of found) for (const event of events) session.emit(event);
        if (signal.aborted) throw new HallwayError("cancelled");
      }
    } finally {
      next?.catch(() => undefined);
    }
  }

  #read(query: Query, result: Element): void {
    query.results += 1;
    const archiveId = usableId(result.attrs["id"]);
    query.last = archiveId ?? query.last;
    const forwarded = childOf(result, "forwarded", nsForward);
    if (!forwarded) return;
    const stamp = parseTime(childOf(forwarded, "delay", "urn:xmpp:delay")?.attrs["stamp"]);
    if (stamp !== undefined) query.lastAt = stamp;
    const inner = childOf(forwarded, "message", "jabber:client");
    if (!inner || inner.attrs["from"] === undefined) return;
    const found = this.#find(inner, stamp, archiveId);
    query.found.push(found);
    // It is awaited with its page; until then its failure is nobody's.
    if (found instanceof Promise) found.catch(() => undefined);
  }

  #find(message: Element, stamp: number | undefined, archiveId: string | undefined): Awaitable<Found | undefined> {
    try {
      return after(this.#session.read(message, "archive", stamp), (draft): Found | undefined => {
        if (!draft) return undefined;
        draft.archiveId = archiveId;
        return { message: toIncoming(draft), change: toChange(draft), events: draft.events };
      });
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /**
   * Everything that a page brought, in the order in which it came. A message that cannot be read costs itself; one that
   * was only too much at once costs the page, which is read again another time. Error: `rate-limited`.
   */
  async #readAll(query: Query): Promise<readonly Found[]> {
    const { environment, refuse } = this.#session;
    const all: Found[] = [];
    for (const one of query.found) {
      try {
        const found = one instanceof Promise ? await one : one;
        if (found) all.push(found);
      } catch (error) {
        if (error instanceof HallwayError && error.code === "rate-limited") throw error;
        environment.log.warn("an archived message could not be read", { error: toErrorInfo(error).code });
        refuse("an archived message that could not be read");
      }
    }
    return all;
  }

  /** One page (sections 4.1 and 4.3; XEP-0059). */
  async #ask(start: Start): Promise<Page> {
    const queryid = randomUUID();
    const query: Query = { found: [], results: 0, last: undefined, lastAt: undefined };
    this.#queries.set(queryid, query);
    try {
      const payload = xml("query", { xmlns: nsArchive, queryid }, formOf(start), rangeOf(start));
      const fin = childOf(await this.#session.request("set", payload), "fin", nsArchive);
      if (!fin) throw new HallwayError("protocol-error");
      const complete = fin.attrs["complete"];
      // What was not taken of a page that is too long begins the next.
      if (query.results > maxResults && query.last !== undefined) return { query, complete: false };
      query.last = usableId(childOf(fin, "set", nsRsm)?.getChildText("last") ?? undefined) ?? query.last;
      return { query, complete: complete === "true" || complete === "1" };
    } finally {
      this.#queries.delete(queryid);
    }
  }
}

function formOf({ at }: Start): Element {
  const field = (name: string, value: string, type?: string) =>
    xml("field", { var: name, type }, xml("value", {}, value));
  return xml(
    "x",
    { xmlns: nsData, type: "submit" },
    field("FORM_TYPE", nsArchive, "hidden"),
    at === undefined ? undefined : field("start", new Date(at).toISOString()),
  );
}

function rangeOf({ after: last }: Start): Element {
  const max = xml("max", {}, String(pageSize));
  return xml("set", nsRsm, max, last === undefined ? undefined : xml("after", {}, last));
}

function readMark(text: ArchiveMark | undefined): Mark | undefined {
  const mark = v.safeParse(MarkSchema, parseJson(text));
  return mark.success ? mark.output : undefined;
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new HallwayError("cancelled"));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

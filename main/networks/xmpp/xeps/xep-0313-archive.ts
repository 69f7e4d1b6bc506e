import { randomUUID } from "node:crypto";
import xml, { type Element } from "@xmpp/xml";
import * as v from "valibot";
import { HallwayError, toErrorInfo } from "../../../../shared/errors.ts";
import type { NetworkEvent } from "../../events.ts";
import type { ArchiveFacet, ArchiveMark, ArchivePage } from "../../facets/archive.ts";
import type { IncomingMessage, MessageChange } from "../../facets/messages.ts";
import { type Awaitable, after } from "../awaitable.ts";
import { defineExtension } from "../extension.ts";
import type { ExtensionHost } from "../extension-host.ts";
import { maxIdLength, toChange, toIncoming, usableId } from "../messages.ts";
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

/** What one result says. */
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
    const queries = new Map<string, Query>();
    /** The server has said what it offers, and this is not among it. */
    let isMissing = false;
    const facet: ArchiveFacet = {
      catchUp: (since, page, signal) => catchUp(session, queries, since, page, signal),
      markAt: (id, at) => JSON.stringify({ id, at } satisfies Mark),
    };
    return {
      envelopes: {
        [nsArchive]: {
          from: ownAccount,
          holds: ({ name }) => name === "result",
          open: (result) => {
            const query = queries.get(result.attrs["queryid"] ?? "");
            // Section 8: results MUST be ignored unless we asked, and the answer comes from the archive we asked.
            if (!query) session.refuse("an archived message that was not asked for");
            else if (query.results < maxResults) readResult(session, query, result);
            else query.results += 1;
            return undefined;
          },
        },
      },
      discovered: () => {
        isMissing = !session.discovery.offers(nsArchive);
        session.facetsChanged();
      },
      ended: () => {
        queries.clear();
        isMissing = false;
      },
      facets: { archive: () => (isMissing ? undefined : facet) },
    };
  },
});

function readResult(session: ExtensionHost, query: Query, result: Element): void {
  query.results += 1;
  const archiveId = usableId(result.attrs["id"]);
  query.last = archiveId ?? query.last;
  const forwarded = childOf(result, "forwarded", nsForward);
  if (!forwarded) return;
  const stamp = parseTime(childOf(forwarded, "delay", "urn:xmpp:delay")?.attrs["stamp"]);
  if (stamp !== undefined) query.lastAt = stamp;
  const inner = childOf(forwarded, "message", "jabber:client");
  if (!inner || inner.attrs["from"] === undefined) return;
  const found = after(session.read(inner, "archive", stamp), (draft): Found | undefined => {
    if (!draft) return undefined;
    draft.archiveId = archiveId;
    return { message: toIncoming(draft), change: toChange(draft), events: draft.events };
  });
  query.found.push(found);
  // It is awaited with its page; until then its failure is nobody's.
  if (found instanceof Promise) found.catch(() => undefined);
}

/** What a page brought, in the order in which it came, when all of it has been read. What cannot be read costs itself. */
async function readPage(session: ExtensionHost, query: Query): Promise<readonly Found[]> {
  const all: Found[] = [];
  for (const one of query.found) {
    try {
      const found = one instanceof Promise ? await one : one;
      if (found) all.push(found);
    } catch (error) {
      session.environment.log.warn("an archived message could not be read", { error: toErrorInfo(error).code });
      session.refuse("an archived message that could not be read");
    }
  }
  return all;
}

interface Page {
  readonly query: Query;
  readonly complete: boolean;
}

/** Reads page after page; the next is asked for while one is being kept, so that the server is never idle. */
async function catchUp(
  session: ExtensionHost,
  queries: Map<string, Query>,
  since: ArchiveMark | undefined,
  page: ArchivePage,
  signal: AbortSignal,
): Promise<void> {
  if (!session.discovery.offers(nsArchive)) throw new HallwayError("unsupported");
  const now = session.environment.now();
  let mark = readMark(since);
  let byTime = mark?.id === undefined;
  let next: Promise<Page> | undefined = ask(
    session,
    queries,
    byTime ? (mark?.at ?? now - firstTimeMs) : undefined,
    mark?.id,
  );
  try {
    while (next) {
      let current: Page;
      try {
        current = await orAborted(next, signal);
      } catch (error) {
        // Section 4.3: the archive does not know the mark any more (it expired): go by time from where it was.
        if (!(error instanceof HallwayError) || error.code !== "recipient-unknown" || mark?.id === undefined || byTime)
          throw error;
        byTime = true;
        next = ask(session, queries, mark.at - clockMs, undefined);
        continue;
      }
      const { query, complete } = current;
      const lastId: string | undefined = query.last;
      const ended = complete || lastId === undefined || lastId === mark?.id;
      if (lastId !== undefined) mark = { id: lastId, at: query.lastAt ?? mark?.at ?? now };
      // What comes after this message is late enough: a time beside it would only cost the server another look at all.
      next = ended ? undefined : ask(session, queries, undefined, lastId);
      // It is awaited in the next round; until then its failure is nobody's.
      next?.catch(() => undefined);
      const found = await readPage(session, query);
      const messages = found.flatMap(({ message }) => message ?? []);
      const changes = found.flatMap(({ change }) => change ?? []);
      if (lastId !== undefined) await page(messages, JSON.stringify(mark), changes, !byTime);
      else if (since === undefined && mark === undefined)
        await page([], JSON.stringify({ at: now - clockMs } satisfies Mark), []);
      for (const { events } of found) for (const event of events) session.emit(event);
      if (signal.aborted) throw new HallwayError("cancelled");
    }
  } finally {
    next?.catch(() => undefined);
  }
}

function readMark(text: ArchiveMark | undefined): Mark | undefined {
  if (text === undefined) return undefined;
  try {
    return v.parse(MarkSchema, JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** One page (sections 4.1 and 4.3; XEP-0059). */
async function ask(
  session: ExtensionHost,
  queries: Map<string, Query>,
  start: number | undefined,
  after: string | undefined,
): Promise<Page> {
  const queryid = randomUUID();
  const query: Query = { found: [], results: 0, last: undefined, lastAt: undefined };
  queries.set(queryid, query);
  const field = (name: string, value: string, type?: string) =>
    xml("field", { var: name, type }, xml("value", {}, value));
  const form = xml(
    "x",
    { xmlns: nsData, type: "submit" },
    field("FORM_TYPE", nsArchive, "hidden"),
    start === undefined ? undefined : field("start", new Date(start).toISOString()),
  );
  const range = xml(
    "set",
    nsRsm,
    xml("max", {}, String(pageSize)),
    after === undefined ? undefined : xml("after", {}, after),
  );
  try {
    const answer = await session.request("set", xml("query", { xmlns: nsArchive, queryid }, form, range));
    const fin = childOf(answer, "fin", nsArchive);
    if (!fin) throw new HallwayError("protocol-error");
    const complete = fin.attrs["complete"];
    // What was not taken of a page that is too long begins the next.
    if (query.results > maxResults && query.last !== undefined) return { query, complete: false };
    query.last = usableId(childOf(fin, "set", nsRsm)?.getChildText("last") ?? undefined) ?? query.last;
    return { query, complete: complete === "true" || complete === "1" };
  } finally {
    queries.delete(queryid);
  }
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new HallwayError("cancelled"));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

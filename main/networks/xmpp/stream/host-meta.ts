import type { IncomingMessage } from "node:http";
import type { Element } from "@xmpp/xml";
import { urlHost } from "../../../addressing/host-port.ts";
import { boundedBody } from "../../bounded-body.ts";
import { requestOver } from "../../dial.ts";
import { dialHost } from "../../dial-host.ts";
import type { Endpoint } from "../../network.ts";
import { createXmlParser } from "../xml/parser.ts";
import { webSocketAt } from "./see-other.ts";
import type { TransportOptions } from "./transport.ts";

const websocketRel = "urn:xmpp:alt-connections:websocket";
const maxBytes = 65_536;
const maxLocation = 2048;

/** How web servers are reached, and which of them may be; absent: all. */
export type HostMetaWays = Pick<TransportOptions, "tls" | "lookup" | "tunnel" | "revocation"> & {
  readonly mayReach?: (host: string) => boolean;
  /** Of the web server; absent: 443. */
  readonly port?: number;
};

/**
 * XEP-0156: WebSocket addresses that a domain publishes over HTTPS, `host-meta.json` before `host-meta`. Only `wss:`
 * counts. Never rejects: what cannot be read says nothing.
 */
export async function findWebSockets(
  domain: string,
  ways: HostMetaWays,
  signal: AbortSignal,
): Promise<readonly Endpoint[]> {
  const sources = [
    { path: "/.well-known/host-meta.json", linksOf: linksOfJson },
    { path: "/.well-known/host-meta", linksOf: linksOfXrd },
  ];
  const answers = await Promise.all(
    sources.map(async ({ path, linksOf }) => {
      try {
        return toEndpoints(
          linksOf(await read(new URL(`https://${urlHost(domain)}:${ways.port ?? 443}${path}`), ways, signal)),
        );
      } catch {
        return [];
      }
    }),
  );
  return answers.find((found) => found.length > 0) ?? [];
}

/** Status codes of a page that has moved, for now or for good, and is read where it is (RFC 6415 section 2). */
const moved: ReadonlySet<number | undefined> = new Set([301, 302, 307, 308]);
const maxRedirects = 4;

/**
 * The document at a URL, or where it was moved to: over HTTPS only, each host under the same rules. Rejects where there
 * is none.
 */
async function read(url: URL, ways: HostMetaWays, signal: AbortSignal): Promise<string> {
  let at = url;
  for (let hops = 0; hops <= maxRedirects; hops += 1) {
    const answer = await get(at, ways, signal);
    if ("text" in answer) return answer.text;
    const { location } = answer;
    if (!URL.canParse(location, at.href)) break;
    at = new URL(location, at);
    if (
      at.protocol !== "https:" ||
      at.username !== "" ||
      ways.mayReach?.(at.hostname.replace(/^\[|\]$/g, "")) === false
    )
      break;
  }
  throw new Error("no host-meta");
}

/** One bounded GET: what there is, or where it has gone. */
async function get(
  url: URL,
  { tls, mayReach: _, port: __, ...ways }: HostMetaWays,
  signal: AbortSignal,
): Promise<{ readonly text: string } | { readonly location: string }> {
  const { ca, minVersion, pins } = tls;
  const mayHave = (name: string, key: string) => (pins.length === 0 || pins.includes(key)) && tls.mayHave([name], key);
  const socket = await dialHost(
    { host: url.hostname, port: Number(url.port) || 443, ca, minVersion, mayHave, ...ways },
    signal,
  );
  const call = requestOver(socket, url.host, {
    method: "GET",
    path: url.pathname + url.search,
    signal,
    headers: { accept: "application/json, application/xrd+xml" },
  });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    call.on("response", resolve);
    call.on("error", reject);
    call.end();
  });
  if (response.statusCode === 200)
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(await boundedBody(response, maxBytes)) };
  const { location } = response.headers;
  // A connection of its own for each request: nothing more is read from this one.
  response.destroy();
  if (!moved.has(response.statusCode) || location === undefined || location.length > maxLocation)
    throw new Error("no host-meta");
  return { location };
}

/** Links of a JSON resource descriptor (RFC 6415 appendix A). */
export function linksOfJson(text: string): readonly string[] {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || !("links" in value) || !Array.isArray(value.links)) return [];
  const found: string[] = [];
  for (const link of value.links.slice(0, 100) as readonly unknown[]) {
    if (
      typeof link === "object" &&
      link !== null &&
      "rel" in link &&
      link.rel === websocketRel &&
      "href" in link &&
      typeof link.href === "string"
    )
      found.push(link.href);
  }
  return found;
}

/**
 * Parts of a document that are none of its elements, and that no XMPP stream has: its declaration, comments,
 * instructions. One without end is all the rest, so that the whole is looked through once.
 */
const beside = /<!--.*?(?:-->|$)|<\?.*?(?:\?>|$)/gs;

/** Links of an XRD (RFC 6415 section 3). */
export function linksOfXrd(text: string): readonly string[] {
  const documents: Element[] = [];
  // The whole document is read as a child of a root of our own; its declaration goes before that root.
  const parser = createXmlParser({
    opened: () => undefined,
    element: (element) => {
      documents.push(element);
    },
    ended: () => undefined,
  });
  parser.write(`<root>${text.replace(/^\uFEFF/, "").replace(beside, "")}`);
  const [xrd] = documents;
  if (xrd?.getName() !== "XRD") return [];
  const found: string[] = [];
  for (const child of xrd.children) {
    if (
      typeof child !== "string" &&
      child.getName() === "Link" &&
      child.attrs["rel"] === websocketRel &&
      child.attrs["href"]
    )
      found.push(child.attrs["href"]);
  }
  return found;
}

function toEndpoints(links: readonly string[]): readonly Endpoint[] {
  return links.slice(0, 10).flatMap((link) => webSocketAt(link) ?? []);
}

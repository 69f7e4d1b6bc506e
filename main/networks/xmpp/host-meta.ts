import type { Element } from "@xmpp/xml";
import { boundedBody } from "../bounded-body.ts";
import type { Endpoint } from "../network.ts";
import { connectSecurely, requestOver } from "../secure-socket.ts";
import type { TransportOptions } from "./transport.ts";
import { createXmlParser } from "./xml/parser.ts";

const websocketRel = "urn:xmpp:alt-connections:websocket";
const maxBytes = 65_536;

/**
 * XEP-0156: WebSocket addresses that a domain publishes over HTTPS, `host-meta.json` before `host-meta`. Only `wss:`
 * counts. Never rejects: what cannot be read says nothing.
 */
export async function findWebSockets(
  domain: string,
  ways: Pick<TransportOptions, "tls" | "lookup" | "tunnel" | "revocation">,
  signal: AbortSignal,
  port = 443,
): Promise<readonly Endpoint[]> {
  const sources = [
    { path: "/.well-known/host-meta.json", read: linksOfJson },
    { path: "/.well-known/host-meta", read: linksOfXrd },
  ];
  const answers = await Promise.all(
    sources.map(async ({ path, read }) => {
      try {
        return toEndpoints(read(await get({ host: domain, port, path }, ways, signal)));
      } catch {
        return [];
      }
    }),
  );
  return answers.find((found) => found.length > 0) ?? [];
}

/** One bounded GET; redirects are not followed. */
async function get(
  { host, port, path }: { readonly host: string; readonly port: number; readonly path: string },
  { tls, ...ways }: Pick<TransportOptions, "tls" | "lookup" | "tunnel" | "revocation">,
  signal: AbortSignal,
): Promise<string> {
  const { ca, minVersion, pins } = tls;
  const mayHave = (name: string, key: string) => (pins.length === 0 || pins.includes(key)) && tls.mayHave([name], key);
  const socket = await connectSecurely({ host, port, ca, minVersion, mayHave, ...ways }, signal);
  return new Promise((resolve, reject) => {
    const call = requestOver(socket, port === 443 ? host : `${host}:${port}`, {
      method: "GET",
      path,
      signal,
      headers: { accept: "application/json, application/xrd+xml" },
    });
    call.on("response", (response) => {
      if (response.statusCode !== 200) {
        response.destroy();
        reject(new Error("no host-meta"));
      } else
        boundedBody(response, maxBytes)
          .then((body) => new TextDecoder("utf-8", { fatal: true }).decode(body))
          .then(resolve, reject);
    });
    call.on("error", reject);
    call.end();
  });
}

/** Links of a JSON resource descriptor (RFC 6415 appendix A). */
export function linksOfJson(text: string): readonly string[] {
  const value: unknown = JSON.parse(text);
  if (typeof value !== "object" || value === null || !("links" in value) || !Array.isArray(value.links)) return [];
  const found: string[] = [];
  for (const link of value.links.slice(0, 100) as readonly unknown[]) {
    if (typeof link === "object" && link !== null && "rel" in link && link.rel === websocketRel && "href" in link && typeof link.href === "string")
      found.push(link.href);
  }
  return found;
}

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
  parser.write(`<root>${text.replace(/^\uFEFF?\s*<\?xml[^>]*\?>/, "")}`);
  const [xrd] = documents;
  if (xrd?.getName() !== "XRD") return [];
  const found: string[] = [];
  for (const child of xrd.children) {
    if (typeof child !== "string" && child.getName() === "Link" && child.attrs["rel"] === websocketRel && child.attrs["href"]) found.push(child.attrs["href"]);
  }
  return found;
}

function toEndpoints(links: readonly string[]): readonly Endpoint[] {
  const endpoints: Endpoint[] = [];
  for (const link of links.slice(0, 10)) {
    if (!URL.canParse(link)) continue;
    const url = new URL(link);
    const host = url.hostname.replace(/^\[|\]$/g, "");
    if (url.protocol !== "wss:" || url.username !== "" || host === "") continue;
    endpoints.push({ host, port: url.port === "" ? 443 : Number(url.port), transport: "websocket", url: url.pathname + url.search });
  }
  return endpoints;
}

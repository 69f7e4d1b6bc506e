import { createServer, type Socket } from "node:net";
import { createSecureContext, TLSSocket } from "node:tls";
import type { Element } from "@xmpp/xml";
import { nsStreams } from "../errors.ts";
import { firstChild } from "../xml/element.ts";
import { createXmlParser } from "../xml/parser.ts";
import type { TestCertificate } from "./certificate.ts";

/** A server on loopback that says what a test wants it to say, right or wrong. */
export interface ScriptOptions {
  /** Present: STARTTLS is offered, and required before anything else. */
  readonly certificate?: TestCertificate;
  /** TLS from the first byte. */
  readonly direct?: boolean;
  readonly mechanisms?: readonly string[];
  /** Sent right behind `<proceed/>`, in clear. */
  readonly injected?: string;
  /** Instead of `<proceed/>`. */
  readonly starttlsAnswer?: string;
  /** Answers SASL elements; default: everybody is welcome. Base64 is up to the script. */
  readonly sasl?: (element: Element, client: ScriptedClient) => string;
  /** Highest TLS version. */
  readonly maxVersion?: "TLSv1.2" | "TLSv1.3";
  /** Features beside the mechanisms before authentication. */
  readonly saslFeatures?: string;
  /** Offer XEP-0198; default true. */
  readonly management?: boolean;
  /** Features of the stream after authentication, beside bind and sm. */
  readonly features?: string;
  /**
   * Sees every element after authentication first; a text is the answer, undefined leaves it to the usual one, "" says
   * nothing.
   */
  readonly respond?: (element: Element, client: ScriptedClient) => string | undefined;
  /** Writes each element that the server says in another way. */
  readonly rewrite?: (element: string) => string;
  /** Milliseconds before a connection's first stream header is answered; a list is by connection. */
  readonly slow?: number | readonly number[];
}

export interface ScriptedClient {
  /** The certificate that it was shown, PEM. */
  readonly certificate: string | undefined;
  readonly elements: readonly Element[];
  readonly secured: boolean;
  /** The connection inside TLS, as the server has it. */
  readonly tls: TLSSocket | undefined;
  /** Stanzas received since `<enable/>`. */
  readonly count: number;
  /** Resolves with the first element, had or to come, that matches. */
  until(matches: (element: Element) => boolean): Promise<Element>;
  write(text: string | Uint8Array): void;
  destroy(): void;
  readonly closed: Promise<void>;
}

export interface ScriptedServer {
  readonly port: number;
  readonly clients: readonly ScriptedClient[];
  /** The newest client; the connection must have been made. */
  readonly client: ScriptedClient;
  stop(): Promise<void>;
}

export const scriptedDomain = "example.test";
const jid = "alice@example.test/desk";

export async function startScriptedServer(options: ScriptOptions): Promise<ScriptedServer> {
  const clients: ScriptedClient[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.setNoDelay(true);
    clients.push(
      serve(socket, options, (typeof options.slow === "number" ? options.slow : options.slow?.[clients.length]) ?? 0),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    clients,
    get client() {
      const last = clients.at(-1);
      if (!last) throw new Error("nobody has connected");
      return last;
    },
    stop: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

function serve(raw: Socket, options: ScriptOptions, slow: number): ScriptedClient {
  const elements: Element[] = [];
  const waiters: { matches: (element: Element) => boolean; resolve: (element: Element) => void }[] = [];
  let socket: Socket = raw;
  let secured = false;
  let authenticated = false;
  let counting = false;
  let count = 0;
  let headers = 0;
  let parser = fresh();
  raw.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => {
    raw.once("close", () => resolve());
  });

  const say = (element: string) => options.rewrite?.(element) ?? element;
  const client: ScriptedClient = {
    elements,
    certificate: options.certificate?.pem,
    get secured() {
      return secured;
    },
    get tls() {
      return socket instanceof TLSSocket ? socket : undefined;
    },
    get count() {
      return count;
    },
    until: (matches) => {
      const had = elements.find(matches);
      if (had) return Promise.resolve(had);
      return new Promise((resolve) => {
        waiters.push({ matches, resolve });
      });
    },
    write: (text) => {
      if (!socket.destroyed) socket.write(text);
    },
    destroy: () => raw.resetAndDestroy(),
    closed,
  };

  function fresh() {
    return createXmlParser({
      opened: () => {
        const answer = () =>
          client.write(
            `<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='${nsStreams}' id='s' from='${scriptedDomain}' version='1.0'>${say(features())}`,
          );
        headers += 1;
        if (slow > 0 && headers === 1) setTimeout(answer, slow);
        else answer();
      },
      element: read,
      ended: () => client.write("</stream:stream>"),
    });
  }

  function features(): string {
    if (options.certificate && !secured)
      return "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>";
    if (authenticated) {
      const sm = options.management === false ? "" : "<sm xmlns='urn:xmpp:sm:3'/>";
      return `<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>${sm}${options.features ?? ""}</stream:features>`;
    }
    const mechanisms = (options.mechanisms ?? ["PLAIN"]).map((m) => `<mechanism>${m}</mechanism>`).join("");
    return `<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>${mechanisms}</mechanisms>${options.saslFeatures ?? ""}</stream:features>`;
  }

  function secure(): void {
    raw.removeAllListeners("data");
    const tls = new TLSSocket(raw, {
      isServer: true,
      secureContext: createSecureContext({
        key: options.certificate?.key,
        cert: options.certificate?.pem,
        ...(options.maxVersion ? { maxVersion: options.maxVersion } : {}),
      }),
    });
    tls.on("error", () => undefined);
    secured = true;
    socket = tls;
    parser = fresh();
    listen();
  }

  function read(element: Element): void {
    elements.push(element);
    if (counting && ["message", "presence", "iq"].includes(element.name)) count += 1;
    const answer = reply(element);
    if (answer !== "") client.write(say(answer));
    for (const waiter of [...waiters]) {
      if (!waiter.matches(element)) continue;
      waiters.splice(waiters.indexOf(waiter), 1);
      waiter.resolve(element);
    }
  }

  function reply(element: Element): string {
    if (element.name === "starttls") {
      client.write(
        (options.starttlsAnswer ?? say("<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>")) +
          (options.injected ?? ""),
      );
      if (options.starttlsAnswer === undefined) queueMicrotask(secure);
      return "";
    }
    if (element.getNS() === "urn:ietf:params:xml:ns:xmpp-sasl") {
      const answer = options.sasl?.(element, client) ?? "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>";
      if (answer.startsWith("<success")) {
        authenticated = true;
        queueMicrotask(() => {
          parser = fresh();
        });
      }
      return answer;
    }
    const own = options.respond?.(element, client);
    if (element.name === "enable") {
      counting = true;
      count = 0;
    }
    return own ?? usual(element);
  }

  function usual(element: Element): string {
    if (element.name === "enable") return "<enabled xmlns='urn:xmpp:sm:3' id='previous' resume='true'/>";
    if (element.name === "resume")
      return "<failed xmlns='urn:xmpp:sm:3'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>";
    if (element.name === "r") return `<a xmlns='urn:xmpp:sm:3' h='${count}'/>`;
    if (element.name !== "iq" || element.attrs["type"] === "result" || element.attrs["type"] === "error") return "";
    const payload = firstChild(element);
    const open = `<iq type='result' id='${element.attrs["id"]}'>`;
    if (payload?.name === "bind")
      return `${open}<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>${jid}</jid></bind></iq>`;
    const from = element.attrs["to"] === undefined ? "" : ` from='${element.attrs["to"]}'`;
    const query = payload?.name === "query" ? `<query xmlns='${payload.getNS()}'/>` : "";
    return `<iq type='result' id='${element.attrs["id"]}'${from}>${query}</iq>`;
  }

  function listen(): void {
    socket.on("data", (chunk: Buffer) => {
      try {
        parser.write(chunk.toString());
      } catch {
        raw.destroy();
      }
    });
  }

  if (options.direct) secure();
  else listen();
  return client;
}

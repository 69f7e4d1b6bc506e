import { createHash } from "node:crypto";
import { connect } from "node:net";
import type { Element } from "@xmpp/xml";
import { createXmlParser } from "../../main/networks/xmpp/xml/parser.ts";

/** A host of a server for which an outside program may speak. */
export interface ComponentHost {
  readonly domain: string;
  /** Of 127.0.0.1. */
  readonly port: number;
  readonly secret: string;
}

/** An outside program that speaks for a host of a real server (XEP-0114). */
export interface Component {
  readonly domain: string;
  /** Stanzas that it got. */
  readonly received: readonly Element[];
  send(text: string): void;
  close(): void;
}

/** Signs in. `answer`: what it says to a stanza; undefined says nothing. */
export async function startComponent(
  server: { readonly component: ComponentHost | undefined },
  answer: (stanza: Element) => string | undefined,
): Promise<Component> {
  const { component } = server;
  if (!component) throw new Error("the server was not told of a component");
  const { domain, port, secret } = component;
  const received: Element[] = [];
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.on("error", reject);
    socket.on("close", () => reject(new Error("the server does not want the component")));
    const parser = createXmlParser({
      opened: (root) =>
        void socket.write(
          `<handshake>${createHash("sha1").update(`${root.attrs["id"]}${secret}`).digest("hex")}</handshake>`,
        ),
      element: (element) => {
        if (element.name === "handshake") resolve();
        received.push(element);
        const reply = answer(element);
        if (reply !== undefined) socket.write(reply);
      },
      ended: () => undefined,
    });
    socket.on("data", (chunk) => parser.write(chunk.toString()));
    socket.write(
      `<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}'>`,
    );
  });
  return { domain, received, send: (text) => void socket.write(text), close: () => socket.destroy() };
}

/** Answer of a component that does nothing but pass on what people say: each query is refused. */
export function refuseQuery({ name, attrs: { id, from, to, type } }: Element): string | undefined {
  if (name !== "iq" || (type !== "get" && type !== "set")) return undefined;
  const error = "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>";
  return `<iq type='error' id='${id}' from='${to}' to='${from}'><error type='cancel'>${error}</error></iq>`;
}

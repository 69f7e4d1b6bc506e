import { createHash } from "node:crypto";
import { connect } from "node:net";
import type { Element } from "@xmpp/xml";
import { createXmlParser } from "../../main/networks/xmpp/xml/parser.ts";
import type { ProsodyServer } from "../servers/prosody.ts";

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
  server: ProsodyServer,
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

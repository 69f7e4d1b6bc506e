import { createHash } from "node:crypto";
import { connect } from "node:net";

/**
 * An outside program that speaks for every address of a host of the server (XEP-0114): ten thousand people in one
 * connection.
 */
export interface Component {
  /** Writes stanzas as they are. Resolves when they are handed to the system. */
  send(stanzas: string): Promise<void>;
  /** Resolves with the moment (performance.now) at which the server next sends the beginning of a tag that fits. */
  next(tag: RegExp): Promise<number>;
  close(): Promise<void>;
}

/** Longest tag that is looked for, in bytes. */
const longestTag = 1_000;

/**
 * Signs in to a component port. Whatever the server sends later is read and left unanswered, as people who are away do.
 */
export async function connectComponent({
  domain,
  port,
  secret,
}: {
  readonly domain: string;
  readonly port: number;
  readonly secret: string;
}): Promise<Component> {
  const socket = connect({ host: "127.0.0.1", port, noDelay: true });
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  socket.write(
    `<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' to='${domain}'>`,
  );
  await new Promise<void>((resolve, reject) => {
    let seen = "";
    const read = (chunk: Buffer): void => {
      seen += chunk.toString("latin1");
      const id = /<stream:stream[^>]*\bid=['"]([^'"]+)['"]/.exec(seen)?.[1];
      if (id === undefined) return;
      if (seen.includes("<handshake/>")) {
        socket.off("data", read);
        resolve();
      } else if (!seen.includes("\0asked")) {
        seen += "\0asked";
        socket.write(
          `<handshake>${createHash("sha1")
            .update(id + secret)
            .digest("hex")}</handshake>`,
        );
      }
    };
    socket.on("data", read);
    socket.once("error", reject);
    socket.once("close", () => reject(new Error("the server closed the component's connection")));
  });
  socket.on("error", () => undefined);
  socket.resume();
  const next = (tag: RegExp): Promise<number> =>
    new Promise((resolve) => {
      let seen = "";
      const listen = (chunk: Buffer): void => {
        const now = performance.now();
        // What stands across two pieces is found as well.
        seen = seen.slice(-longestTag) + chunk.toString("latin1");
        if (!tag.test(seen)) return;
        socket.off("data", listen);
        resolve(now);
      };
      socket.on("data", listen);
    });
  return {
    next,
    send: (stanzas) =>
      new Promise((resolve, reject) => socket.write(stanzas, (error) => (error ? reject(error) : resolve()))),
    async close() {
      socket.end("</stream:stream>");
      socket.destroySoon();
      await closed;
    },
  };
}

import { spawnSync } from "node:child_process";
import { type StockClient, client as stockClient } from "@xmpp/client";
import { ScriptedFixture } from "./scripted-fixture.ts";
import type { ScriptedServer, ScriptOptions } from "./scripted-server.ts";

/** A stock client for that port of 127.0.0.1, which does not reconnect by itself; the caller stops it. */
export function createStock(port: number, over: Record<string, unknown> = {}): StockClient {
  const made = stockClient({
    service: `xmpp://127.0.0.1:${port}`,
    domain: "example.test",
    username: "alice",
    password: "secret",
    ...over,
  });
  made.reconnect.stop();
  made.on("error", () => undefined);
  return made;
}

/** Scripted servers for the stock client (@xmpp/client 0.14) beside ours. */
export class StockFixture extends ScriptedFixture {
  /** For the stock client: without TLS, for which it does not ask, and without a proof, which it does not mind. */
  stockServer(options: ScriptOptions = {}): Promise<ScriptedServer> {
    return this.plainServer({ ...impostor("SCRAM-SHA-1"), ...options });
  }

  stock(port: number, over: Record<string, unknown> = {}): StockClient {
    const made = createStock(port, over);
    this.atEnd(() => void made.stop().catch(() => undefined));
    return made;
  }
}

export type Respond = NonNullable<ScriptOptions["respond"]>;

export const nsSasl = "urn:ietf:params:xml:ns:xmpp-sasl";
export const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** A server that does not know the password and proves nothing. */
export function impostor(mechanism: string): ScriptOptions {
  return {
    mechanisms: [mechanism],
    sasl: (element) =>
      element.name === "auth"
        ? `<challenge xmlns='${nsSasl}'>${base64(`r=NOTYOURS,s=${base64("salt")},i=1`)}</challenge>`
        : `<success xmlns='${nsSasl}'>${base64(`v=${base64("bogus")}`)}</success>`,
  };
}

/** Output on stderr of a stock client that dies of what a server sent; "" when it lives. */
export function stockProcess(what: string): string {
  const run = spawnSync(process.execPath, [new URL("./stock-victim.ts", import.meta.url).pathname, what], {
    encoding: "utf8",
    timeout: 60_000,
  });
  return run.status === 0 ? "" : run.stderr;
}

import { randomUUID } from "node:crypto";
import { client, xml } from "@xmpp/client";
import type { Pauses } from "../core/pauses.ts";
import { asWorker } from "../worker.ts";

export interface RawInput {
  readonly domain: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Only messages from then on, milliseconds since the epoch. */
  readonly since: number;
  readonly pageSize: number;
}

export interface CatchUpResult {
  readonly messages: number;
  /** From signed in to the last message, milliseconds. */
  readonly wall: number;
  /** Processor time of all threads in that span, milliseconds. */
  readonly cpu: number;
  /** Pauses of the main loop in that span. */
  readonly pauses: Pauses;
}

const archive = "urn:xmpp:mam:2";
const patience = 30_000;

/** The least that a client can do: the stock client asks for page after page and only counts what comes. */
asWorker(
  async ({ domain, port, user, password, since, pageSize }: RawInput): Promise<Omit<CatchUpResult, "pauses">> => {
    const xmpp = client({ service: `xmpp://127.0.0.1:${port}`, domain, username: user, password });
    xmpp.reconnect.stop();
    let messages = 0;
    xmpp.on("stanza", (stanza) => {
      if (stanza.is("message") && stanza.getChild("result", archive)) messages += 1;
    });
    xmpp.on("error", () => undefined);
    await xmpp.start();
    // Whoever sends before stream management stands loses its count, and with it the session; there is no event for it.
    while (!xmpp.streamManagement.enabled) await new Promise((resolve) => setTimeout(resolve, 1));

    const startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    const field = (name: string, value: string, type?: string) =>
      xml("field", { var: name, type }, xml("value", {}, value));
    for (let after: string | undefined, complete = false; !complete; ) {
      const answer = await xmpp.iqCaller.request(
        xml(
          "iq",
          { type: "set" },
          xml(
            "query",
            { xmlns: archive, queryid: randomUUID() },
            xml(
              "x",
              { xmlns: "jabber:x:data", type: "submit" },
              field("FORM_TYPE", archive, "hidden"),
              field("start", new Date(since).toISOString()),
            ),
            xml(
              "set",
              "http://jabber.org/protocol/rsm",
              xml("max", {}, String(pageSize)),
              after === undefined ? undefined : xml("after", {}, after),
            ),
          ),
        ),
        patience,
      );
      const fin = answer.getChild("fin", archive);
      complete = fin?.attrs["complete"] === "true";
      after = fin?.getChild("set", "http://jabber.org/protocol/rsm")?.getChildText("last") ?? undefined;
      if (!complete && after === undefined) throw new Error("the archive ended without saying so");
    }
    const { user: inUser, system } = process.cpuUsage(cpuBefore);
    const result = { messages, wall: performance.now() - startedAt, cpu: (inUser + system) / 1000 };
    await xmpp.stop();
    return result;
  },
);

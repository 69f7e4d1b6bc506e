import { expect, it, vi } from "vitest";
import { noRules } from "../../connection-rules.ts";
import { XmppSession } from "../session.ts";
import { testEnvironment } from "../testing/client.ts";
import { parseElement } from "../testing/session.ts";
import { gateways } from "./xep-0100-gateways.ts";

it.each([true, false])(
  "are known before the presence is sent where they are forbidden, and only there (allowed: %s)",
  async (allowed) => {
    const sent: string[] = [];
    const session = new XmppSession({
      ...{ address: "alice@example.test", domain: "example.test", cacheKey: "roster", extensions: [gateways] },
      environment: testEnvironment({ rules: { ...noRules, gateways: () => allowed } }),
      emit: () => undefined,
      send: (stanza) => {
        sent.push(stanza.name);
        const { to } = stanza.attrs;
        const xmlns = stanza.getChild("query")?.getNS() ?? "";
        // The server answers everything but what its service is.
        if (to === "sms.example.test") return undefined;
        const item = xmlns.endsWith("#items") ? "<item jid='sms.example.test'/>" : "";
        const from = to === undefined ? "" : ` from='${to}'`;
        const reply = `<iq type='result' id='${stanza.attrs["id"]}'${from}><query xmlns='${xmlns}'>${item}</query></iq>`;
        if (stanza.name === "iq") queueMicrotask(() => session.handle(parseElement(reply)));
        return undefined;
      },
    });
    const started = session.start("alice@example.test/desk", parseElement("<stream:features/>"), {
      availability: "available",
    });
    started.catch(() => undefined);
    // Roster, server, account, items, and the service.
    await vi.waitFor(() => expect(sent.filter((name) => name === "iq")).toHaveLength(5));
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent.includes("presence")).toBe(allowed);
    session.dispose();
  },
);

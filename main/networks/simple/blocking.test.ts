import http from "node:http";
import { describe, expect, it } from "vitest";
import { noRules } from "../connection-rules.ts";
import { ContactStore } from "./contact-store.ts";
import { DialogTable } from "./dialogs/dialog-table.ts";
import { parsePresRules } from "./payloads/rfc-5025-pres-rules.ts";
import { Watchers } from "./presence/watchers.ts";
import { announced } from "./testing/announced.ts";
import type { TestClient } from "./testing/client.ts";
import { asksToSee, bob, isRequest } from "./testing/presence.ts";
import { type Scene, useScene } from "./testing/scene.ts";
import { friendly, type Script, type ScriptedServer } from "./testing/scripted-server.ts";

/** Takes no presence, so that watchers come to us. */
const plainRegistrar: Script = (request, times) =>
  request.method === "PUBLISH" ? { status: 405 } : friendly(request, times);

let server: ScriptedServer;
let scene: Scene;
useScene(
  (set) => {
    scene = set;
    ({ server } = set);
  },
  { script: plainRegistrar, signsIn: false },
);

/** `hiding` false: strangers are answered. */
async function signedIn(hiding = true, xcapRoot?: string): Promise<TestClient> {
  const client = scene.open({ rules: { ...noRules, hiding: () => hiding } }, xcapRoot);
  await client.signIn();
  return client;
}
function ask(method: string, callId: string, headers: readonly string[] = [], body = ""): void {
  server.request(
    method,
    [`Call-ID: ${callId}`, `From: <sip:${bob}>;tag=watcher`, "To: <sip:alice@example.test>", ...headers],
    body,
  );
}
const subscribe = (callId: string): void =>
  ask("SUBSCRIBE", callId, ["Event: presence", "Expires: 300", "Contact: <sip:watcher@127.0.0.1:9;transport=tcp>"]);
async function answerTo(callId: string): Promise<number> {
  const response = await server.got((m) => m.kind === "response" && m.callId === callId);
  return response.kind === "response" ? response.status : 0;
}

/** An XCAP server whose presence rules can be made unwritable. */
async function startRules() {
  const documents = new Map<string, string>();
  const rules = {
    isFull: false,
    /** Whom the rules shut out. */
    blocked: () =>
      [...documents]
        .filter(([path]) => path.includes("/pres-rules/"))
        .flatMap(([, text]) => parsePresRules(text).block),
    root: "",
    close: () => {
      web.closeAllConnections();
      return new Promise((resolve) => web.close(resolve));
    },
  };
  const web = http.createServer(async (request, response) => {
    const path = request.url ?? "";
    const parts: Buffer[] = [];
    for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
    if (request.method === "GET") {
      const text = documents.get(path);
      response.writeHead(text === undefined ? 404 : 200).end(text);
    } else if (rules.isFull) response.writeHead(507).end();
    else {
      documents.set(path, Buffer.concat(parts).toString());
      response.writeHead(200).end();
    }
  });
  await new Promise<void>((resolve) => web.listen(0, "127.0.0.1", resolve));
  const address = web.address();
  rules.root = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/xcap-root/`;
  return rules;
}
const watchesBob = asksToSee(({ headers }) => headers.get("expires") !== "0");
const stopsWatchingBob = asksToSee(({ headers }) => headers.get("expires") === "0");

describe("blocking over SIMPLE, where no server helps", () => {
  it("ends what they see of us and what we see of them, as if nobody were there any more", async () => {
    const { connection } = await signedIn();
    await connection.contacts.add(bob, undefined, []);
    await server.got(watchesBob);
    subscribe("before");
    expect(await answerTo("before")).toBe(200);
    await server.got(
      isRequest(
        "NOTIFY",
        (r) => r.callId === "before" && r.headers.get("subscription-state")?.startsWith("active") === true,
      ),
    );
    await connection.blocking?.block(bob);
    await server.got(stopsWatchingBob);
    const isLast = (text = ""): boolean => text.startsWith("terminated");
    const last = await server.got(
      isRequest("NOTIFY", (r) => r.callId === "before" && isLast(r.headers.get("subscription-state"))),
    );
    // To the byte what a sign-out says last.
    expect(last.headers.get("subscription-state")).toBe("terminated;reason=deactivated");
    expect(last.kind === "request" && Buffer.from(last.body).toString()).toContain("<basic>closed</basic>");
    subscribe("after");
    expect(await answerTo("after")).toBe(480);
  });

  it.each([true, false])(
    "answers their requests as for somebody who is not there (strangers hidden from: %s), and asks nobody about them",
    async (hiding) => {
      const { connection, events } = await signedIn(hiding);
      await connection.blocking?.block(bob);
      for (const method of ["SUBSCRIBE", "OPTIONS", "INVITE"]) {
        ask(method, `a ${method}`, ["Event: presence"]);
        expect(await answerTo(`a ${method}`)).toBe(480);
      }
      // What they say is taken, for a refusal would tell them; main/enforcement lets nothing of it through.
      ask("MESSAGE", "a message", ["Content-Type: text/plain"], "hello");
      expect(await answerTo("a message")).toBe(200);
      expect(events.filter(({ type }) => type === "subscription-request")).toEqual([]);
    },
  );

  it("is remembered over a restart, and what held before holds again afterwards", async () => {
    const first = await signedIn();
    await first.connection.contacts.add(bob, undefined, []);
    await first.connection.contacts.accept(bob);
    await first.connection.blocking?.block(bob);
    await first.connection.disconnect();
    const before = server.received.length;
    const second = await signedIn();
    const item = (await second.event("roster")).items.find(({ address }) => address === bob);
    expect(item?.address).toBe(bob);
    subscribe("blocked");
    expect(await answerTo("blocked")).toBe(480);
    expect(server.received.slice(before).filter(watchesBob)).toEqual([]);
    await second.connection.blocking?.unblock(bob);
    await server.got((message) => server.received.indexOf(message) >= before && watchesBob(message));
    subscribe("again");
    expect(await answerTo("again")).toBe(200);
  });

  it("brings to the server's rules at the next sign-in what they could not take at first, a block and its end", async () => {
    const rules = await startRules();
    /** Once the rules have been read, which comes before the list of watchers is asked for. */
    const next = async (): Promise<TestClient> => {
      const before = server.received.length;
      const client = await signedIn(true, rules.root);
      const isList = isRequest(
        "SUBSCRIBE",
        ({ headers }) => headers.get("event") === "presence.winfo" && headers.get("expires") !== "0",
      );
      await server.got((message) => server.received.indexOf(message) >= before && isList(message));
      return client;
    };
    try {
      const first = await next();
      rules.isFull = true;
      await expect(first.connection.blocking?.block(bob)).rejects.toThrow();
      subscribe("untold");
      expect(await answerTo("untold")).toBe(480);
      await first.connection.disconnect();
      rules.isFull = false;
      const second = await next();
      await second.connection.blocking?.block(bob);
      expect(rules.blocked()).toEqual([`sip:${bob}`]);
      rules.isFull = true;
      await expect(second.connection.blocking?.unblock(bob)).rejects.toThrow();
      await second.connection.disconnect();
      rules.isFull = false;
      const third = await next();
      await third.connection.blocking?.unblock(bob);
      expect(rules.blocked()).toEqual([]);
    } finally {
      await rules.close();
    }
  });

  it("goes over what the server's rules say of them, which afterwards say what they said before", async () => {
    const rules = new Map<string, string>([[bob, "allow"]]);
    const store = new ContactStore({ get: async () => undefined, set: async () => undefined }, "a", {
      debug: () => undefined,
      info: () => undefined,
      warn: () => undefined,
    });
    await store.decide(bob, "accepted");
    const set = (what: string) => async (address: string) => void rules.set(address, what);
    const watchers = new Watchers({
      agent: { aor: "sip:alice@example.test" } as never,
      contact: {} as never,
      announced,
      subscriptions: new DialogTable(),
      own: "alice@example.test",
      store,
      rules: {
        read: async () => ({ allow: [], block: [bob] }),
        allow: set("allow"),
        block: set("block"),
        forget: async (address) => void rules.delete(address),
      },
      emit: () => undefined,
    });
    await store.setBlocked(bob, true);
    await watchers.block(bob);
    expect(rules.get(bob)).toBe("block");
    // As at the next sign-in: the rule of the block is no decision of the person's.
    await store.adopt([], [bob]);
    await store.setBlocked(bob, false);
    await watchers.unblock(bob);
    expect(rules.get(bob)).toBe("allow");
    await store.decide(bob, undefined);
    await watchers.unblock(bob);
    expect(rules.has(bob)).toBe(false);
    await store.decide(bob, "declined");
    rules.set(bob, "block");
    await watchers.unblock(bob);
    expect(rules.get(bob)).toBe("block");
  });
});

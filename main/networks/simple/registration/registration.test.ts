import { describe, expect, it } from "vitest";
import type { TestClient } from "../testing/client.ts";
import { asksToSee, bob, isRequest } from "../testing/presence.ts";
import { said } from "../testing/requests.ts";
import { useScene } from "../testing/scene.ts";
import { friendly, type Script, type ScriptedServer } from "../testing/scripted-server.ts";
import type { SipMessage, SipRequest } from "../wire/message.ts";

let server: ScriptedServer;
let client: TestClient;

useScene(
  (scene) => {
    ({ server, client } = scene);
  },
  { signsIn: false },
);

const registrations = (): readonly SipRequest[] => server.received.filter(isRequest("REGISTER"));
const contactOf = (request: SipMessage): string => request.headers.get("contact") ?? "";
/** Registrar that rewrites each Contact in its list so. */
const rewriting =
  (rewrite: (contact: string) => string, more: readonly string[] = []): Script =>
  (request, times) =>
    request.method === "REGISTER"
      ? { status: 200, headers: [`Contact: ${[rewrite(contactOf(request)), ...more].join(", ")}`] }
      : friendly(request, times);

/** Signed in, and everything that follows from it has been sent. */
async function settled(): Promise<void> {
  await client.signIn();
  await server.got(isRequest("SUBSCRIBE", (r) => r.headers.get("event") === "presence.winfo"));
}

describe("a registrar that rewrites Contact", () => {
  it.each<[string, (contact: string) => string]>([
    [
      "host and port, as Kamailio's fix_nated_contact and Asterisk's rewrite_contact do",
      (c) => c.replace(/@[^;>]+/, "@203.0.113.5:40123"),
    ],
    ["the host alone", (c) => c.replace(/@[^:;>]+/, "@203.0.113.5")],
    [
      "all of it but the user, and adds parameters",
      (c) => c.replace(/@[^>]+/, "@[2001:db8::1]:5061;transport=udp;alias=1~2~3"),
    ],
    [
      "the user, too, as a session border controller does",
      (c) => c.replace(/<sip:[^>]+/, "<sip:alice-7f3a@sbc.example.test:5060"),
    ],
    ["everything, and drops the instance", () => "<sip:alice@sbc.example.test>;expires=600"],
    ["nothing, but in capitals", (c) => c.replace(/<sip:[^;]+/, (uri) => uri.toUpperCase())],
  ])("keeps its own binding when that is %s", async (_, rewrite) => {
    server.script = rewriting(rewrite);
    await settled();
    expect(registrations().filter((r) => /expires=0\b/.test(contactOf(r)) || r.headers.get("expires") === "0")).toEqual(
      [],
    );
    expect(registrations()).toHaveLength(1);
  });

  it("is reached under the user that the registrar wrote", async () => {
    server.script = rewriting((c) => c.replace(/<sip:[^>]+/, "<sip:alice-7f3a@sbc.example.test:5060"));
    await settled();
    const say = (user: string): void => {
      const lines = [
        "Via: SIP/2.0/TCP h;branch=z9hG4bK1",
        "From: <sip:bob@example.test>;tag=1",
        "To: <sip:alice@example.test>",
        "CSeq: 1 MESSAGE",
      ];
      server.raw(
        [`MESSAGE sip:${user}@192.0.2.1 SIP/2.0`, ...lines, `Call-ID: ${user}`, "Content-Length: 2", "", "hi"].join(
          "\r\n",
        ),
      );
    };
    say("alice-0000");
    say("alice-7f3a");
    const statusOf = async (callId: string): Promise<unknown> =>
      server.got((m) => m.kind === "response" && m.callId === callId);
    expect(await statusOf("alice-7f3a")).toMatchObject({ status: 200 });
    expect(await statusOf("alice-0000")).toMatchObject({ status: 404 });
    await client.event("message", (e) => e.message.body === "hi");
  });

  it("keeps its own binding where that is listed in two forms", async () => {
    server.script = (request, times) =>
      rewriting((c) => c, [contactOf(request).replace(/@[^;>]+/, "@203.0.113.5:40123")])(request, times);
    await settled();
    expect(registrations()).toHaveLength(1);
  });

  it("has removed what this device left behind under another user, and refreshes by what its own binding was granted", async () => {
    const instance = (): string =>
      /\+sip\.instance="[^"]+"/.exec(contactOf(registrations()[0] as SipRequest))?.[0] ?? "";
    server.script = (request, times) =>
      rewriting(
        (c) => c.replace(/@[^;>]+/, "@203.0.113.5:40123").replace(/expires=\d+/, "expires=2"),
        [`<sip:hold@203.0.113.5:1>;${instance()};expires=3000`],
      )(request, times);
    await client.signIn();
    const removal = await server.got(isRequest("REGISTER", (r) => r.headers.get("expires") === "0"));
    expect(removal.headers.all("contact")).toEqual(["<sip:hold@203.0.113.5:1>;expires=0"]);
    // The granted two seconds, not the hour that was asked for.
    await server.got(
      isRequest("REGISTER", (r) => r.headers.get("expires") === "3600" && registrations().indexOf(r) > 0),
    );
  });
});

it("is registered anew before all that waits for its turn to be sent", async () => {
  server.script = rewriting((contact) => contact.replace(/expires=\d+/, "expires=2"));
  await client.signIn();
  for (let n = 0; n < 100; n += 1)
    void client.connection.messages.send({ ...said("x"), to: `p${n}@example.test` }).catch(() => undefined);
  await server.got(isRequest("REGISTER", (r) => registrations().indexOf(r) === 1));
  expect(server.received.filter(isRequest("MESSAGE")).length).toBeLessThan(30);
});

describe("behind a NAT (RFC 3581)", () => {
  const seenAs =
    (via: string): Script =>
    (request, times) => ({
      ...(friendly(request, times) ?? { status: 200 }),
      via: (own) => `${own.replace(/;rport(?=;|$)/, "")}${via}`,
    });

  it("registers under the address that the server sees, in the place of its own, and is found there by whom it watches", async () => {
    server.script = seenAs(";received=203.0.113.7;rport=40123");
    await client.signIn();
    const [first, second] = registrations().map(contactOf);
    expect(second).toBe(first?.replace(/@[^;]+/, "@203.0.113.7:40123"));
    expect(registrations()).toHaveLength(2);
    await client.connection.contacts.add(bob, undefined, []);
    expect(contactOf(await server.got(asksToSee()))).toContain("@203.0.113.7:40123;");
    await client.connection.disconnect();
    expect(contactOf(registrations().at(-1) as SipRequest)).toMatch(/@203\.0\.113\.7:40123;.*expires=0/);
  });

  it("removes the binding under its own address where the registrar lists both, and not where both are one to it", async () => {
    const former = (): string => /<[^>]+>/.exec(contactOf(registrations()[0] as SipRequest))?.[0] ?? "";
    server.script = (request, times) => {
      const answer = seenAs(";received=203.0.113.7;rport=40123")(request, times);
      return answer && request.method === "REGISTER"
        ? { ...answer, headers: [`Contact: ${former()};expires=3000, ${contactOf(request)}`] }
        : answer;
    };
    await client.signIn();
    const removal = await server.got(isRequest("REGISTER", (r) => r.headers.get("expires") === "0"));
    expect(removal.headers.all("contact")).toEqual([`${former()};expires=0`]);
  });

  describe("with a registrar that allows one binding (Asterisk max_contacts=1, Kamailio max_contacts)", () => {
    const uriOf = (contact: string): string => /<([^>]+)>/.exec(contact)?.[1] ?? "";
    /** `mayReplace`: takes a second one in the place of the first. */
    const ofOne = (mayReplace: boolean): Script => {
      let bound: string | undefined;
      return (request, times) => {
        const answer = seenAs(";received=203.0.113.7;rport=40123")(request, times);
        if (!answer || request.method !== "REGISTER") return answer;
        const wanted = uriOf(contactOf(request));
        const isFreed = request.headers.all("contact").some((c) => uriOf(c) === bound && c.endsWith(">;expires=0"));
        if (bound !== undefined && wanted !== bound && !(mayReplace && isFreed))
          return { ...answer, status: 403, headers: [] };
        bound = wanted;
        return { ...answer, headers: [`Contact: <${bound}>;expires=2`] };
      };
    };

    it("takes the place of its own binding under the address that the server sees", async () => {
      server.script = ofOne(true);
      await client.signIn();
      await server.got(isRequest("REGISTER", (r) => registrations().indexOf(r) === 3));
      expect(
        registrations().map((r) =>
          r.headers
            .all("contact")
            .map(uriOf)
            .map((uri) => uri.includes("203.0.113.7")),
        ),
      ).toEqual([[false], [true], [true, false], [true]]);
    });

    it("keeps the binding that it has where no other is taken, and refreshes that", async () => {
      server.script = ofOne(false);
      await client.signIn();
      await server.got(isRequest("REGISTER", (r) => registrations().indexOf(r) === 6));
      expect(contactOf(registrations()[3] as SipRequest)).toBe(contactOf(registrations()[0] as SipRequest));
      expect(client.events.filter(({ type }) => type === "connection-lost")).toEqual([]);
      await client.connection.disconnect();
      const last = await server.got(isRequest("REGISTER", (r) => r.headers.get("expires") === "0"));
      expect(uriOf(contactOf(last))).toBe(uriOf(contactOf(registrations()[0] as SipRequest)));
    });
  });

  it.each([
    ["says no port", ";received=203.0.113.7"],
    ["names no address", ";received=gateway.example.test;rport=40123"],
    ["names no port that there is", ";received=203.0.113.7;rport=70000"],
    ["names nothing", ";received=;rport="],
  ])("keeps its own address where the server %s", async (_, via) => {
    server.script = seenAs(via);
    await settled();
    expect(registrations()).toHaveLength(1);
  });

  it("leaves its Contact alone where the connection itself is registered (RFC 5626)", async () => {
    server.script = (request, times) => {
      const answer = seenAs(";received=203.0.113.7;rport=40123")(request, times);
      return answer && { ...answer, headers: [...(answer.headers ?? []), "Require: outbound"] };
    };
    await settled();
    expect(registrations()).toHaveLength(1);
  });
});

describe("Contact in a dialog", () => {
  it("has the ob parameter in every SUBSCRIBE, refreshes and the last one included, and not in REGISTER", async () => {
    await client.signIn();
    await client.connection.contacts.add(bob, undefined, []);
    const first = await server.got(asksToSee());
    server.request("NOTIFY", [
      `Call-ID: ${first.callId}`,
      "From: <sip:bob@example.test>;tag=server",
      `To: ${first.headers.get("from") ?? ""}`,
      "CSeq: 1 NOTIFY",
      "Event: presence",
      "Subscription-State: active;expires=1",
    ]);
    await server.got(asksToSee((r) => r.cseq.number > 1));
    await client.connection.disconnect();
    const subscribes = server.received.filter(isRequest("SUBSCRIBE"));
    expect(subscribes.length).toBeGreaterThan(3);
    for (const subscribe of subscribes) expect(contactOf(subscribe)).toMatch(/^<sip:[^>]+;ob>$/);
    for (const register of registrations()) expect(contactOf(register)).not.toMatch(/;ob\b/);
  });
});

describe("Flow-Timer (RFC 5626 section 4.4)", () => {
  it("makes keep-alives come as often as the server wants", async () => {
    server.script = (request, times) => {
      const answer = friendly(request, times);
      return request.method === "REGISTER" && answer
        ? { ...answer, headers: [...(answer.headers ?? []), "Flow-Timer: 1"] }
        : answer;
    };
    await client.signIn();
    await expect.poll(() => server.pings).toBeGreaterThan(2);
  });
});

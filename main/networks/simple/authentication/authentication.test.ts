import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { openClient, type TestClient } from "../testing/client.ts";
import { useScene } from "../testing/scene.ts";
import { type Answer, friendly, type ScriptedServer } from "../testing/scripted-server.ts";
import type { SipMessage, SipRequest } from "../wire/message.ts";

let server: ScriptedServer;
let client: TestClient;
const bob = "bob@example.test";

/** Server that challenges REGISTER, and answers everything else; undefined: as a friendly server. */
async function start(
  registrar: string | undefined,
  other: (request: SipRequest, answered: boolean) => Answer | undefined,
): Promise<void> {
  server.script = (request, times) => {
    const answered =
      request.headers.get("authorization") !== undefined || request.headers.get("proxy-authorization") !== undefined;
    if (request.method === "REGISTER") {
      if (registrar !== undefined && !answered) return { status: 401, headers: [`WWW-Authenticate: ${registrar}`] };
      return friendly(request, times);
    }
    return other(request, answered) ?? friendly(request, times);
  };
  await client.signIn();
}

useScene(
  (scene) => {
    ({ server, client } = scene);
  },
  { signsIn: false },
);

const digest = (more: string, realm = "example.test") => `Digest realm="${realm}", nonce="n", ${more}`;
const strong = digest('qop="auth", algorithm=SHA-256');
const usual = digest('qop="auth", algorithm=MD5');
const requests = (method: string) =>
  server.received.filter((m: SipMessage): m is SipRequest => m.kind === "request" && m.method === method);
const answers = (method: string) =>
  requests(method).flatMap(({ headers }) => [...headers.all("authorization"), ...headers.all("proxy-authorization")]);
const ask = (status: 401 | 407, challenge: string): Answer => ({
  status,
  headers: [`${status === 401 ? "WWW" : "Proxy"}-Authenticate: ${challenge}`],
});

async function say(): Promise<string> {
  const id = randomUUID();
  await client.connection.messages.send({ id, to: bob, body: "x", at: Date.now(), wantReceipts: false });
  return (await client.event("delivery", (e) => e.id === id)).state;
}

describe("a challenge to a message, which whoever receives it can make", () => {
  it.each<readonly [string, string | undefined, 401 | 407, string]>([
    ["a 401, exactly as the registrar asked", usual, 401, usual],
    ["a 401 of a stronger kind", usual, 401, strong],
    ["of another realm", usual, 407, digest('qop="auth"', "evil.test")],
    ["of the domain's name, where the registrar has another realm", digest('qop="auth"', "pbx"), 407, usual],
    ["of the realm in other letters", usual, 407, digest('qop="auth"', "EXAMPLE.test")],
    ["without qop", usual, 407, digest("algorithm=MD5")],
    ["of a stronger hash without qop", usual, 407, digest("algorithm=SHA-256")],
    ["with a weaker hash", strong, 407, usual],
    ["where nobody asked to register", undefined, 407, usual],
  ])("is left unanswered: %s", async (_, registrar, status, challenge) => {
    await start(registrar, ({ method }) => (method === "MESSAGE" ? ask(status, challenge) : undefined));
    expect(await say()).toBe("failed");
    expect(answers("MESSAGE")).toEqual([]);
    expect(requests("MESSAGE")).toHaveLength(1);
  });

  it.each([
    ["as the registrar asked", usual, usual],
    ["with a stronger hash", usual, strong],
    ["with a stronger hash, as the registrar asked", strong, strong],
    [
      "with a session key, which has a number of ours in it",
      digest('qop="auth", algorithm=MD5-sess'),
      digest("algorithm=MD5-sess"),
    ],
    ["with a number of ours, where the registrar asked without", digest("algorithm=MD5"), usual],
  ])("is answered where it is our proxy's: %s", async (_, registrar, challenge) => {
    await start(registrar, ({ method }, answered) =>
      method === "MESSAGE" && !answered ? ask(407, challenge) : undefined,
    );
    expect(await say()).toBe("sent");
    expect(answers("MESSAGE")).toHaveLength(1);
    expect(answers("MESSAGE")[0]).toMatch(/cnonce="[0-9a-f]{32}"/);
  });

  describe("without a number of ours, where the registrar asks so, too, as Kamailio does that is shipped", () => {
    const weak = (nonce: string) => `Digest realm="example.test", nonce="${nonce}"`;
    const nonceOf = (answer: string | undefined) => /nonce="([^"]+)"/.exec(answer ?? "")?.[1];
    /**
     * A server that takes its own nonces until they are forgotten. `others`: what the recipient answers; `steady`: it
     * asks with one nonce until then, as Kamailio does within a second.
     */
    const shipped = async (
      others: (request: SipRequest) => Answer | undefined = () => undefined,
      steady = false,
    ): Promise<{ forget(): void }> => {
      let made = 0;
      let oldest = 0;
      const good = (request: SipRequest): boolean => {
        const nonce = nonceOf(request.headers.get("authorization") ?? request.headers.get("proxy-authorization"));
        return nonce?.startsWith("server-") === true && Number(nonce.slice(7)) > oldest;
      };
      const challenge = (): string => {
        if (!steady || made === oldest) made += 1;
        return weak(`server-${made}`);
      };
      server.script = (request, times) => {
        if (request.method === "REGISTER") return good(request) ? friendly(request, times) : ask(401, challenge());
        if (request.method !== "MESSAGE") return friendly(request, times);
        return good(request) ? (others(request) ?? friendly(request, times)) : ask(407, challenge());
      };
      await client.signIn();
      return {
        forget: () => {
          oldest = made;
        },
      };
    };

    it("is answered over the nonce that the registrar asked with, and over a new one of it when that is too old", async () => {
      const { forget } = await shipped();
      expect(await say()).toBe("sent");
      expect(answers("MESSAGE").map(nonceOf)).toEqual(["server-1"]);
      forget();
      expect(await say()).toBe("sent");
      expect(await say()).toBe("sent");
      const nonces = answers("MESSAGE").map(nonceOf);
      expect(nonces[1]).toBe("server-1");
      expect(new Set(nonces.slice(2)).size).toBe(1);
      expect(requests("REGISTER").filter(({ headers }) => headers.get("contact") === undefined)).toHaveLength(1);
    });

    it("is answered for each of several requests at once", async () => {
      await shipped(undefined, true);
      const ids = await Promise.all(
        [bob, "carol@example.test", "dave@example.test"].map(async (to) => {
          const id = randomUUID();
          await client.connection.messages.send({ id, to, body: "x", at: Date.now(), wantReceipts: false });
          return id;
        }),
      );
      for (const id of ids) expect((await client.event("delivery", (e) => e.id === id)).state).toBe("sent");
    });

    it("never gives an answer over a nonce of somebody else", async () => {
      await shipped(() => ask(407, weak("bobs-nonce")));
      expect(await say()).toBe("failed");
      expect(answers("MESSAGE").length).toBeGreaterThan(0);
      expect(
        [...answers("MESSAGE"), ...answers("REGISTER")].map(nonceOf).filter((nonce) => !nonce?.startsWith("server-")),
      ).toEqual([]);
      expect(requests("MESSAGE").length).toBeLessThanOrEqual(4);
    });
  });

  it("is left unanswered behind our proxy's, too", async () => {
    let asked = 0;
    await start(strong, ({ method }) => {
      if (method !== "MESSAGE") return undefined;
      asked += 1;
      return asked === 1 ? ask(407, strong) : ask(407, usual);
    });
    expect(await say()).toBe("failed");
    expect(answers("MESSAGE").filter((answer) => answer.includes("algorithm=MD5"))).toEqual([]);
  });
});

describe("a challenge to something else", () => {
  it("is answered for what is our own, where the registrar's realm asks", async () => {
    await start(usual, ({ method, headers }, answered) =>
      !answered && (method === "PUBLISH" || headers.get("event")?.startsWith("presence.winfo"))
        ? ask(401, usual)
        : undefined,
    );
    await expect.poll(() => [answers("PUBLISH").length, answers("SUBSCRIBE").length]).toEqual([1, 1]);
    await say();
    // What our own server was told does not go to other people.
    expect(answers("MESSAGE")).toEqual([]);
  });

  it("is left unanswered for what is our own where it is weaker", async () => {
    await start(strong, ({ method }) => (method === "PUBLISH" ? ask(401, usual) : undefined));
    await server.got((m) => m.kind === "request" && m.method === "PUBLISH");
    await say();
    expect(answers("PUBLISH")).toEqual([]);
  });

  it("is left unanswered for somebody whom we watch", async () => {
    await start(usual, ({ method, uri }) =>
      method === "SUBSCRIBE" && uri.includes("bob") ? ask(401, usual) : undefined,
    );
    await client.connection.contacts.add(bob, "Bob", []);
    await server.got((m) => m.kind === "request" && m.method === "SUBSCRIBE" && m.uri.includes("bob"));
    await say();
    expect(
      requests("SUBSCRIBE").filter(
        ({ uri, headers }) => uri.includes("bob") && headers.get("authorization") !== undefined,
      ),
    ).toEqual([]);
  });

  it("is left unanswered for REGISTER where it is weaker than the one before", async () => {
    const second = digest('qop="auth", algorithm=MD5, stale=true');
    server.script = (request, times) => {
      if (request.method !== "REGISTER") return friendly(request, times);
      return ask(401, times === 0 ? strong : second);
    };
    await expect(client.signIn()).rejects.toMatchObject({
      code: "weaker-sign-in",
      params: { before: "DIGEST-SHA-256", now: "DIGEST-MD5" },
    });
    expect(answers("REGISTER").filter((answer) => answer.includes("algorithm=MD5"))).toEqual([]);
  });
});

describe("a registrar that has asked for more before", () => {
  const best = digest('qop="auth", algorithm=SHA-512-256');
  const old = digest("algorithm=MD5");
  const lesser: readonly (readonly [string, string, string, string])[] = [
    ["a weaker hash", best, strong, "DIGEST-SHA-256"],
    ["the weakest hash", strong, usual, "DIGEST-MD5"],
    ["no number of ours", usual, old, "DIGEST-MD5 (RFC 2069)"],
    ["less for another realm", strong, digest('qop="auth"', "elsewhere"), "DIGEST-MD5"],
  ];
  const asks =
    (...challenges: readonly string[]): ScriptedServer["script"] =>
    (request, times) => {
      if (request.method !== "REGISTER" || request.headers.get("authorization") !== undefined)
        return friendly(request, times);
      return { status: 401, headers: challenges.map((challenge) => `WWW-Authenticate: ${challenge}`) };
    };
  let seen = 0;
  beforeEach(() => {
    seen = 0;
  });
  /** Answers since the last restart. */
  const fresh = () => answers("REGISTER").slice(seen);
  /** The same account anew, as after a restart. */
  function restart(): void {
    client.connection.close();
    seen = answers("REGISTER").length;
    client = openClient({ host: "127.0.0.1", port: server.port, transport: "tcp" }, client.cache);
  }

  it.each(lesser)(
    "is not answered after a restart, where it asks for %s, unless the person consents",
    async (_, before, now, name) => {
      server.script = asks(before);
      await client.signIn();
      restart();
      server.script = asks(now);
      for (let tries = 0; tries < 2; tries += 1)
        await expect(client.signIn()).rejects.toMatchObject({ code: "weaker-sign-in", params: { now: name } });
      expect(fresh()).toEqual([]);
      await client.connection.allowWeaker?.(name);
      await client.signIn();
      expect(fresh()).toHaveLength(1);
      restart();
      await client.signIn();
      // What was consented to is no way around what follows.
      restart();
      server.script = asks(before);
      await client.signIn();
      restart();
      server.script = asks(now);
      await expect(client.signIn()).rejects.toMatchObject({ code: "weaker-sign-in" });
    },
  );

  it("is not answered where it has a better hash, and lets no number of ours in", async () => {
    server.script = asks(usual);
    await client.signIn();
    restart();
    server.script = asks(digest("algorithm=SHA-256"));
    await expect(client.signIn()).rejects.toMatchObject({
      code: "weaker-sign-in",
      params: { before: "DIGEST-MD5", now: "DIGEST-SHA-256 (RFC 2069)" },
    });
    expect(fresh()).toEqual([]);
  });

  it("is not answered when it renews the registration, either", async () => {
    server.script = (request, times) => {
      if (request.method !== "REGISTER") return friendly(request, times);
      if (times === 0) return ask(401, strong);
      if (times > 1) return ask(401, digest('qop="auth", stale=true', "elsewhere"));
      return {
        status: 200,
        headers: [`Contact: ${(request.headers.get("contact") ?? "").replace(/expires=\d+/, "expires=2")}`],
      };
    };
    await client.signIn();
    expect((await client.event("connection-lost")).error).toMatchObject({
      code: "weaker-sign-in",
      params: { before: "DIGEST-SHA-256", now: "DIGEST-MD5" },
    });
    expect(fresh().filter((answer) => answer.includes("algorithm=MD5"))).toEqual([]);
  });

  it("is answered where it offers what it asked for beside what is less, and where it asks for more", async () => {
    server.script = asks(strong);
    await client.signIn();
    restart();
    server.script = asks(usual, strong, digest('qop="auth"', "elsewhere"));
    await client.signIn();
    expect(fresh()).toEqual([expect.stringContaining("algorithm=SHA-256")]);
    restart();
    server.script = asks(best);
    await client.signIn();
    restart();
    server.script = asks(strong);
    await expect(client.signIn()).rejects.toMatchObject({ code: "weaker-sign-in" });
  });

  it("is signed in to where it does not ask any more, since it is told nothing, and remembered", async () => {
    server.script = asks(strong);
    await client.signIn();
    restart();
    server.script = friendly;
    await client.signIn();
    restart();
    server.script = asks(usual);
    await expect(client.signIn()).rejects.toMatchObject({ code: "weaker-sign-in" });
  });

  it("was content with little where something in it was: the least of all counts", async () => {
    server.script = asks(strong, digest('qop="auth"', "elsewhere"));
    await client.signIn();
    restart();
    await client.signIn();
    expect(fresh()).toHaveLength(2);
  });
});

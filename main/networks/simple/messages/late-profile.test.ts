import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { NetworkEnvironment } from "../../environment.ts";
import { isDone } from "../../testing/is-done.ts";
import { ContactStore } from "../contact-store.ts";
import { openClient, type TestClient, testEnvironment } from "../testing/client.ts";
import { bob, isRequest } from "../testing/presence.ts";
import { type ScriptedServer, startScriptedServer } from "../testing/scripted-server.ts";

/** A profile that answers late: what is not waited for shows. */
interface LateProfile {
  readonly cache: NetworkEnvironment["cache"];
  readonly kept: Map<string, string>;
  /** Answers to come, oldest first: `get` or `set`, and the key. */
  readonly waiting: { readonly what: string; answer(): void; fail(): void }[];
  /** True: answers at once. */
  prompt: boolean;
}

function lateProfile(kept = new Map<string, string>()): LateProfile {
  const waiting: LateProfile["waiting"] = [];
  const late = <T>(what: string, work: () => T): Promise<T> => {
    if (profile.prompt) return Promise.resolve(work());
    return new Promise((resolve, reject) => {
      waiting.push({ what, answer: () => resolve(work()), fail: () => reject(new Error("the disk is full")) });
    });
  };
  const profile: LateProfile = {
    kept,
    waiting,
    prompt: false,
    cache: {
      get: (key) => late(`get ${key}`, () => kept.get(key)),
      set: (key, value) => late(`set ${key}`, () => void kept.set(key, value)),
    },
  };
  return profile;
}

/** Lets the profile answer until the promise is done. Says how many answers that took. */
async function answers(profile: LateProfile, promise: Promise<unknown>): Promise<number> {
  for (let count = 0; ; count += 1) {
    if (await isDone(promise)) return count;
    if (profile.waiting.length === 0) await expect.poll(() => profile.waiting.length).toBeGreaterThan(0);
    profile.waiting.shift()?.answer();
  }
}

const contactsKey = "simple/test-account/contacts";

describe("a contact list in a profile that answers late", () => {
  const { log } = testEnvironment();
  const carol = "carol@example.test";
  let profile: LateProfile;
  let store: ContactStore;
  const stored = () => JSON.parse(profile.kept.get(contactsKey) ?? "{}");

  beforeEach(async () => {
    profile = lateProfile();
    profile.prompt = true;
    store = new ContactStore(profile.cache, "test-account", log);
    await store.load();
    await store.put(bob, "Bob", []);
    profile.prompt = false;
  });

  it("is read before it counts as read, and once", async () => {
    const again = new ContactStore(profile.cache, "test-account", log);
    const [first, second] = [again.load(), again.load()];
    expect(await isDone(first)).toBe(false);
    expect(again.items()).toEqual([]);
    expect(profile.waiting.map(({ what }) => what)).toEqual([`get ${contactsKey}`]);
    profile.waiting.shift()?.answer();
    await Promise.all([first, second]);
    expect(again.items().map(({ address }) => address)).toEqual([bob]);
  });

  it.each<[string, (store: ContactStore) => Promise<void>, (saved: Record<string, unknown>) => unknown, unknown]>([
    ["added", (s) => s.put(carol, undefined, []), (s) => (s["contacts"] as readonly unknown[]).length, 2],
    ["removed", (s) => s.remove(bob), (s) => s["contacts"], []],
    ["taken over", (s) => s.replace([]), (s) => s["contacts"], []],
    ["blocked", (s) => s.setBlocked(carol, true), (s) => s["blocked"], [carol]],
    ["accepted", (s) => s.decide(carol, "accepted"), (s) => s["accepted"], [carol]],
    ["adopted", (s) => s.adopt([], [carol]), (s) => s["declined"], [carol]],
  ])("has kept whoever is %s before that is said to be done", async (_, change, read, expected) => {
    const changing = change(store);
    expect(await isDone(changing)).toBe(false);
    expect(profile.waiting).toHaveLength(1);
    profile.waiting.shift()?.answer();
    await changing;
    expect(read(stored())).toEqual(expected);
  });

  it("writes one state after another, the last one last", async () => {
    const first = store.put(bob, "Robert", []);
    const second = store.put(bob, "Bobby", []);
    expect(await isDone(second)).toBe(false);
    expect(profile.waiting).toHaveLength(1);
    profile.waiting.shift()?.answer();
    await first;
    expect(await isDone(second)).toBe(false);
    profile.waiting.shift()?.answer();
    await second;
    expect(stored().contacts).toMatchObject([{ name: "Bobby" }]);
  });

  it("waits for what is being written, also where nothing else is to be", async () => {
    void store.put(bob, "Robert", []);
    const flushed = store.flush();
    expect(await isDone(flushed)).toBe(false);
    profile.waiting.shift()?.answer();
    await flushed;
    expect(profile.waiting).toEqual([]);
  });

  it("goes on writing after it could not write once", async () => {
    const failing = store.put(bob, "Robert", []);
    await isDone(failing);
    profile.waiting.shift()?.fail();
    await failing;
    const next = store.put(bob, "Bobby", []);
    await answers(profile, next);
    expect(stored().contacts).toMatchObject([{ name: "Bobby" }]);
  });

  it("leaves room for 5,000 decisions of each kind, and forgets the oldest of that kind alone", async () => {
    profile.prompt = true;
    const many = Array.from({ length: 5_000 }, (_, i) => `a${i}@example.test`);
    await store.adopt(many, [carol]);
    expect([store.decision("a0@example.test"), store.decision("a4999@example.test"), store.decision(carol)]).toEqual([
      "accepted",
      "accepted",
      "declined",
    ]);
    await store.decide("one-more@example.test", "accepted");
    expect([
      store.decision("a0@example.test"),
      store.decision("a1@example.test"),
      store.decision("one-more@example.test"),
    ]).toEqual([undefined, "accepted", "accepted"]);
    expect(store.decision(carol)).toBe("declined");
    // What is decided anew takes nobody's place.
    await store.adopt(["one-more@example.test"], [carol]);
    expect([store.decision("a1@example.test"), store.decision("one-more@example.test")]).toEqual([
      "accepted",
      "accepted",
    ]);
  });

  it("adopts no decision about somebody who is blocked, and keeps what was said of them before", async () => {
    profile.prompt = true;
    await store.decide(carol, "declined");
    await store.setBlocked(carol, true);
    await store.adopt([carol, bob], []);
    expect([store.decision(carol), store.decision(bob), store.knows(carol), store.knows(bob)]).toEqual([
      "declined",
      "accepted",
      false,
      true,
    ]);
    await store.adopt([], [bob]);
    expect(store.decision(bob)).toBe("declined");
    await store.setBlocked(carol, false);
    expect([store.isBlocked(carol), store.decision(carol)]).toEqual([false, "declined"]);
  });
});

describe("an account whose profile answers late", () => {
  let server: ScriptedServer;
  let profile: LateProfile;
  let client: TestClient;
  const contacts = {
    version: 1,
    contacts: [{ address: bob, name: "Bob", groups: [], seen: true }],
    accepted: [],
    declined: [],
    cpim: [],
  };

  beforeEach(async () => {
    server = await startScriptedServer();
    profile = lateProfile(new Map([[contactsKey, JSON.stringify(contacts)]]));
    client = openClient({ host: "127.0.0.1", port: server.port, transport: "tcp" }, new Map(), {
      cache: profile.cache,
    });
  });
  afterEach(async () => {
    profile.prompt = true;
    for (const { answer } of profile.waiting.splice(0)) answer();
    client.connection.close();
    await server.close();
  });

  const online = async (): Promise<void> => {
    profile.prompt = true;
    await client.signIn();
    profile.prompt = false;
  };

  it("says nothing to its server before all of it has been read, and then has its contacts", async () => {
    const signingIn = client.signIn();
    await expect.poll(() => profile.waiting.length).toBe(3);
    for (const { answer } of profile.waiting.splice(0, 2)) answer();
    expect(await isDone(signingIn)).toBe(false);
    expect(server.received).toEqual([]);
    await answers(profile, signingIn);
    expect(await client.event("roster")).toMatchObject({ items: [{ address: bob, name: "Bob" }] });
  });

  it.each<[string, (connection: TestClient["connection"]) => Promise<void>, string]>([
    ["adding", ({ contacts }) => contacts.add("carol@example.test", "Carol", []), "roster-item"],
    ["renaming", ({ contacts }) => contacts.update(bob, "Robert", []), "roster-item"],
    ["removing", ({ contacts }) => contacts.remove(bob), "roster-removed"],
  ])("tells of %s somebody once that is kept", async (_, change, type) => {
    await online();
    client.events.length = 0;
    const changing = change(client.connection);
    expect(await isDone(changing)).toBe(false);
    expect(client.events.filter((event) => event.type === type)).toEqual([]);
    await answers(profile, changing);
    expect(client.events.filter((event) => event.type === type)).toHaveLength(1);
  });

  it.each<[string, (connection: TestClient["connection"]) => Promise<void> | undefined]>([
    ["blocking", ({ blocking }) => blocking?.block(bob)],
    ["accepting", ({ contacts }) => contacts.accept("carol@example.test")],
    ["declining", ({ contacts }) => contacts.decline("carol@example.test")],
  ])("is not done with %s somebody before that is kept", async (_, change) => {
    await online();
    const before = profile.kept.get(contactsKey);
    const changing = change(client.connection) ?? Promise.resolve();
    expect(await isDone(changing)).toBe(false);
    await expect.poll(() => profile.waiting.length).toBeGreaterThan(0);
    expect(profile.kept.get(contactsKey)).toBe(before);
    await answers(profile, changing);
    expect(profile.kept.get(contactsKey)).not.toBe(before);
  });

  it("is signed out once its server has said so and its contacts are kept", async () => {
    await online();
    void client.connection.contacts.add("carol@example.test", undefined, []);
    await expect.poll(() => profile.waiting.length).toBe(1);
    const leaving = client.connection.disconnect();
    await server.got(isRequest("REGISTER", (r) => /expires=0\b/.test(r.headers.get("contact") ?? "")));
    expect(await isDone(leaving)).toBe(false);
    await answers(profile, leaving);
    expect(profile.kept.get(contactsKey)).toContain("carol@example.test");
  });
});

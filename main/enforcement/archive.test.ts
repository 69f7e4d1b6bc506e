import { mkdir, readdir, readFile, rename } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { localhost, startSyslogReceiver } from "../record/feed/receivers.test-helper.ts";
import { openSignedInTestApp, type SignedInTestApp } from "./signed-in-test-app.test-helper.ts";

const bob = "bob@x.example";
const eve = "eve@other.example";

/** However busy the machine is. */
const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check);

let archive: string;
let testApp: SignedInTestApp;

beforeEach(async () => {
  testApp = await openSignedInTestApp([bob, eve]);
  archive = join(testApp.folder, "archive");
  await mkdir(archive);
});
afterEach(() => testApp.close());

const send = (body: string, to = bob) => testApp.send(to, body);
const sent = (): string[] => testApp.network.messages.map(({ body }) => body);
const place = () => ({ type: "folder", path: archive });

/** Contents of the archive, sorted; JSON unless another ending is asked for. */
async function kept(ending = ".json"): Promise<string[]> {
  const names = (await readdir(archive)).filter((name) => name.endsWith(ending));
  const texts = await Promise.all(names.map((name) => readFile(join(archive, name), "utf8")));
  return texts.filter((text) => !text.startsWith('{"audit"'));
}
const bodies = async (): Promise<string[]> =>
  (await kept()).map((text) => (JSON.parse(text) as { text: string }).text).sort();
const until = (wanted: readonly string[]) => eventually(async () => expect(await bodies()).toEqual([...wanted].sort()));

describe("archive", () => {
  it("what the scope names is archived, whichever way it comes, once; what it leaves out is not", async () => {
    await send("before");
    await testApp.policy({ ArchiveScope: "external", ArchiveDestination: place() });
    await send("inside");
    await send("outside", eve);
    testApp.network.receive({ peer: eve, body: "from outside", id: "live-1" });
    testApp.network.receive({ peer: eve, body: "own elsewhere", id: "carbon-1", direction: "out", via: "carbon" });
    // The server's archive brings some of it again, with an id of its own.
    testApp.network.receive({ peer: eve, body: "from outside", id: "live-1", via: "archive", archiveId: "a1" });
    testApp.network.receive({ peer: bob, body: "from inside", id: "live-2" });
    await until(["outside", "from outside", "own elsewhere"]);
    await testApp.policy({ ArchiveScope: "internal", ArchiveDestination: place() });
    await send("inside again");
    await send("outside again", eve);
    await until(["outside", "from outside", "own elsewhere", "inside again"]);
    await testApp.policy({ ArchiveScope: "all", ArchiveDestination: place(), HistoryMode: "off" });
    await send("inside, not kept here");
    await send("outside, not kept here", eve);
    await until([
      "outside",
      "from outside",
      "own elsewhere",
      "inside again",
      "inside, not kept here",
      "outside, not kept here",
    ]);
    await testApp.policy(undefined);
    await send("after", eve);
    await eventually(() => expect(sent()).toContain("after"));
    expect(await bodies()).not.toContain("after");
  });

  it("the server's archive is copied as well, and the person sees which conversations are", async () => {
    const archived = async () => (await testApp.appRecord()).archived;
    const open = (peer: string) =>
      testApp.request("conversations.open", { conversationId: testApp.id(peer), limit: 10 });
    await open(bob);
    await testApp.policy({ ArchiveScope: "external", ArchiveDestination: place() });
    expect(await archived()).toBeUndefined();
    // Before the first word.
    await open(eve);
    expect(await archived()).toEqual([testApp.id(eve)]);
    testApp.network.archive.push(
      { peer: eve, body: "while away", id: "w1" },
      { peer: bob, body: "inside while away", id: "w2" },
    );
    await testApp.request("accounts.retry", {});
    await testApp.request("presence.set", { presence: { availability: "offline" } });
    await testApp.request("accounts.update", { accountId: testApp.accountId, enabled: false });
    await testApp.request("accounts.update", { accountId: testApp.accountId, enabled: true });
    await until(["while away"]);
    await testApp.policy({ ArchiveScope: "all", ArchiveDestination: place() });
    await eventually(async () => expect(await archived()).toEqual([testApp.id(bob), testApp.id(eve)]));
  });

  it("goes where and in the form that policy says, live", async () => {
    const second = join(testApp.folder, "second");
    await mkdir(second);
    await testApp.policy({ ArchiveScope: "all", ArchiveDestination: place(), ArchiveFormat: "eml" });
    await send("as mail");
    await eventually(async () => expect((await kept(".eml")).join()).toMatch(/^Message-ID: /m));
    await testApp.policy({ ArchiveScope: "all", ArchiveDestination: place(), ArchiveFormat: "xml" });
    await send("as xml");
    await eventually(async () => expect((await kept(".xml")).join()).toContain("as xml"));
    await testApp.policy({ ArchiveScope: "all", ArchiveDestination: { type: "folder", path: second } });
    await send("elsewhere");
    await eventually(async () =>
      expect((await readdir(second)).filter((name) => name.endsWith(".json"))).not.toEqual([]),
    );
    expect(await bodies()).toEqual([]);
  });

  it("a destination that cannot be used is none: copies wait, sending goes on, and nothing is lost", async () => {
    await testApp.policy({ ArchiveScope: "all", ArchiveDestination: { type: "ftp", host: "x" } });
    await send("to nowhere");
    await eventually(() => expect(sent()).toEqual(["to nowhere"]));
    await testApp.policy({
      ArchiveScope: "all",
      ArchiveDestination: { type: "folder", path: join(testApp.folder, "missing") },
    });
    await send("to what is missing");
    await eventually(() => expect(sent()).toEqual(["to nowhere", "to what is missing"]));
    await testApp.policy({ ArchiveScope: "all", ArchiveDestination: place() });
    await until(["to nowhere", "to what is missing"]);
  });

  it("with ArchiveRequired nothing in scope is sent before the archive has it; it waits, says so, and goes out by itself", async () => {
    const blocked = async () => (await testApp.appRecord()).archiveBlocked;
    await testApp.policy({ ArchiveScope: "external", ArchiveDestination: place(), ArchiveRequired: true });
    await send("first", eve);
    await eventually(() => expect(sent()).toEqual(["first"]));
    await until(["first"]);
    // Its disk is gone.
    await rename(archive, `${archive}-away`);
    const waiting = await send("second", eve);
    expect(waiting.state).toBe("waiting");
    await send("third", eve);
    await send("inside goes on");
    await eventually(() => expect(sent()).toEqual(["first", "inside goes on"]));
    await eventually(async () =>
      expect(await blocked()).toEqual({ code: "archive-unreachable", params: { reason: "ENOENT" } }),
    );
    const state = async () =>
      (await testApp.request("conversations.open", { conversationId: testApp.id(eve), limit: 10 })).messages.map(
        (message) => message.state,
      );
    expect(await state()).toEqual(
      ["waiting", "waiting", "waiting"].map((word, index) => (index === 0 ? expect.any(String) : word)),
    );
    await rename(`${archive}-away`, archive);
    await eventually(() => expect(sent()).toEqual(["first", "inside goes on", "second", "third"]));
    await eventually(async () => expect(await blocked()).toBeUndefined());
    await until(["first", "second", "third"]);

    // No destination, or one that is none: nothing is sent, until policy says otherwise.
    await testApp.policy({ ArchiveScope: "all", ArchiveRequired: true });
    await eventually(async () =>
      expect(await blocked()).toEqual({ code: "archive-unreachable", params: { reason: "not-set" } }),
    );
    await send("to nowhere");
    await testApp.policy({
      ArchiveScope: "all",
      ArchiveRequired: true,
      ArchiveDestination: { type: "https", url: "http://plain.example/" },
    });
    await send("to nowhere either");
    await testApp.policy({ ArchiveScope: "all", ArchiveRequired: "perhaps", ArchiveDestination: null });
    await send("nor now");
    expect(sent()).not.toContain("to nowhere");
    await testApp.policy({ ArchiveScope: "none", ArchiveRequired: true });
    await eventually(() => expect(sent().slice(4)).toEqual(["to nowhere", "to nowhere either", "nor now"]));
    await eventually(async () => expect(await blocked()).toBeUndefined());
  });

  it("the audit log goes to the syslog server that policy names, from its beginning, and to no other", async () => {
    const [first, second] = await Promise.all([startSyslogReceiver(), startSyslogReceiver()]);
    const server = ({ port }: { readonly port: number }) => ({ host: "localhost", port, authority: localhost().pem });
    const entries = ({ messages }: { readonly messages: readonly string[] }) =>
      messages.map(
        (message) =>
          JSON.parse(message.slice(message.indexOf("] ") + 2)) as {
            n: number;
            action: string;
            hash: string;
            previous: string;
          },
      );
    try {
      // A server that cannot prove who it is gets nothing.
      await testApp.policy({ AuditSyslogServer: { host: "localhost", port: first.port } });
      await testApp.policy({ AuditSyslogServer: server(second), ArchiveScope: "all", ArchiveDestination: place() });
      await eventually(() => expect(entries(second).length).toBeGreaterThan(1));
      const before = entries(second);
      expect(before.map(({ n }) => n)).toEqual(before.map((_, index) => index + 1));
      expect(before.slice(1).map(({ previous }) => previous)).toEqual(before.slice(0, -1).map(({ hash }) => hash));
      // Away, it misses nothing.
      await second.stop();
      await testApp.policy({ AuditSyslogServer: server(second) });
      const again = await startSyslogReceiver(second.port);
      try {
        await eventually(() => expect(entries(again).map(({ action }) => action)).toContain("destination"));
        expect(first.messages).toEqual([]);
        const all = [...new Map([...before, ...entries(again)].map((entry) => [entry.n, entry])).values()];
        expect(all.map(({ n }) => n)).toEqual(all.map((_, index) => index + 1));
      } finally {
        await again.stop();
      }
    } finally {
      await first.stop();
    }
  });
});

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, test } from "vitest";
import { createSystemDns } from "../../main/networks/system-dns.ts";
import { createCertificates } from "./certificates.ts";
import { startDns } from "./dns.ts";
import { startEjabberd } from "./ejabberd.ts";
import { startKamailio } from "./kamailio.ts";
import { createKamailioData } from "./kamailio-data.ts";
import { lua } from "./lua.ts";
import { freePorts } from "./ports.ts";
import { startProsody } from "./prosody.ts";
import { type Proxy, startProxy } from "./proxy.ts";
import { createRunFolder } from "./run-folder.ts";

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

describe("private DNS", () => {
  test("answers as a real name server does, through the system's own resolver library", async () => {
    const server = await startDns(
      new Map([
        [
          "example.test",
          { a: ["127.0.0.1"], naptr: [{ flags: "s", service: "SIPS+D2T", replacement: "_sips._tcp.example.test" }] },
        ],
        [
          "_xmpp-client._tcp.example.test",
          { srv: [{ name: "xmpp.example.test", port: 5222, priority: 5, weight: 7 }] },
        ],
        ["broken.test", { broken: true }],
      ]),
    );
    endings.push(server.close);
    const dns = createSystemDns([`127.0.0.1:${server.port}`]);
    expect(await dns.lookup("example.test")).toEqual([{ address: "127.0.0.1", family: 4 }]);
    expect(await dns.resolveSrv("_xmpp-client._tcp.example.test")).toMatchObject([
      { name: "xmpp.example.test", port: 5222, priority: 5, weight: 7 },
    ]);
    expect(await dns.resolveNaptr("example.test")).toMatchObject([
      { flags: "s", service: "SIPS+D2T", replacement: "_sips._tcp.example.test" },
    ]);
    await expect(dns.resolveSrv("nowhere.test")).rejects.toMatchObject({ code: "ENOTFOUND" });
    await expect(dns.resolveSrv("example.test")).rejects.toMatchObject({ code: "ENODATA" });
    await expect(dns.resolveSrv("broken.test")).rejects.toMatchObject({ code: "ESERVFAIL" });
  });
});

describe("a door", () => {
  async function echoBehindDoor(): Promise<{ door: Proxy; open: () => Promise<Socket> }> {
    const server = createServer((socket) => socket.on("error", () => undefined).pipe(socket));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    endings.push(() => new Promise((resolve) => server.close(resolve)));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    const door = await startProxy(address.port);
    endings.push(door.close);
    const open = (): Promise<Socket> =>
      new Promise((resolve, reject) => {
        const socket = connect({ host: "127.0.0.1", port: door.port }, () => resolve(socket));
        socket.on("error", reject);
        endings.push(() => void socket.destroy());
      });
    return { door, open };
  }
  const answer = (socket: Socket): Promise<string> =>
    new Promise((resolve) => socket.once("data", (bytes) => resolve(String(bytes))));
  const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.once("close", () => resolve()));

  test("lets through, cuts, refuses and lets through again", async () => {
    const { door, open } = await echoBehindDoor();
    const first = await open();
    first.write("hello");
    expect(await answer(first)).toBe("hello");
    const gone = closed(first);
    door.cut();
    await gone;
    expect(door.open).toBe(0);
    await door.refuse();
    await expect(open()).rejects.toMatchObject({ code: "ECONNREFUSED" });
    await door.restore();
    const second = await open();
    second.write("again");
    expect(await answer(second)).toBe("again");
  });

  test("as a black hole swallows bytes and tells nobody", async () => {
    const { door, open } = await echoBehindDoor();
    const socket = await open();
    door.blackhole();
    socket.write("lost");
    await expect(
      Promise.race([
        answer(socket),
        closed(socket),
        new Promise((resolve) => setTimeout(() => resolve("silence"), 150)),
      ]),
    ).resolves.toBe("silence");
    const gone = closed(socket);
    await door.restore();
    await gone;
  });
});

test("a process is given ports that no other process is given, however many it needs", async () => {
  const ports = await freePorts(300);
  expect(new Set(ports).size).toBe(300);
  // Another process, which looks for a slice of its own, finds each of these taken.
  const program = `
    const { freePorts } = await import(${JSON.stringify(new URL("ports.ts", import.meta.url).href)});
    console.log(JSON.stringify(await freePorts(300)));
    process.exit();
  `;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
  const theirs = JSON.parse(stdout) as readonly number[];
  expect(theirs).toHaveLength(300);
  expect(theirs.filter((port) => ports.includes(port))).toEqual([]);
});

test("Kamailio's message store gives no id twice", async () => {
  const folder = await createRunFolder("kamailio");
  endings.push(folder.remove);
  await createKamailioData(folder, "sip.example.test");
  const store = new DatabaseSync(join(folder.path, "store.db"));
  endings.push(() => store.close());
  const keep = () => store.prepare("INSERT INTO silo (username, body) VALUES ('alice', 'hello')").run().lastInsertRowid;
  const first = keep();
  store.prepare("DELETE FROM silo WHERE id = ?").run(first);
  expect(keep()).not.toBe(first);
});

test("values become Lua source that cannot be broken out of", () => {
  expect(lua({ 'a"b': "c\\d\ne\u0000", list: [1, true] })).toBe('{["a\\034b"]="c\\092d\\010e\\000";["list"]={1;true}}');
  expect(
    lua(
      new Map<string | number | false, string>([
        [false, "x"],
        [1, "y"],
      ]),
    ),
  ).toBe('{[false]="x";[1]="y"}');
});

describe("real servers", () => {
  test("run unprivileged in a folder of their own and leave nothing behind", async () => {
    const certificates = await createCertificates(["example.test", "sip.example.test"]);
    endings.push(certificates.remove);
    const servers = [
      await startProsody({ domain: "example.test", certificate: certificates.good }),
      await startKamailio({ domain: "sip.example.test", certificate: certificates.good }),
      await startEjabberd({ domain: "example.test", certificate: certificates.good }),
    ];
    for (const server of servers) {
      const uid = /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${server.pid}/status`, "utf8"))?.[1];
      expect(uid).not.toBe("0");
      const { pid, folder } = server;
      const helpers = childrenOf(pid);
      await server.stop();
      expect(existsSync(`/proc/${pid}`)).toBe(false);
      for (const helper of helpers) await expect.poll(() => isRunning(helper)).toBe(false);
      expect(existsSync(folder)).toBe(false);
    }
  });

  test("end, and their folder goes, when whoever started them gives up", async () => {
    const of = (file: string): string => JSON.stringify(new URL(file, import.meta.url).href);
    const program = `
      const { createRunFolder } = await import(${of("run-folder.ts")});
      const { startProcess } = await import(${of("server-process.ts")});
      const folder = await createRunFolder("given-up");
      const { pid } = startProcess({ command: "sleep", args: ["60"], folder: folder.path, log: folder.path + "/output.log" });
      console.log(JSON.stringify({ folder: folder.path, pid }));
      throw new Error("given up");
    `;
    const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      encoding: "utf8",
    });
    expect(status).toBe(1);
    const left = JSON.parse(stdout) as { folder: string; pid: number };
    expect(existsSync(left.folder)).toBe(false);
    await expect.poll(() => isRunning(left.pid)).toBe(false);
  });
});

/** All processes below one. */
function childrenOf(pid: number): readonly number[] {
  const direct = spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" })
    .stdout.split("\n")
    .filter((line) => line.trim() !== "")
    .map(Number);
  return [...direct, ...direct.flatMap(childrenOf)];
}

/** A process that has ended but that nobody has asked after yet (state Z) does not run. */
function isRunning(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

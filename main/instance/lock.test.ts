import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { connect, createServer, Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { profileFolder } from "../storage/profile-folder.ts";
import { ForeignLock, lockInstance } from "./lock.ts";
import { instanceSecret } from "./secret.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "hallway-lock-"));
});
afterEach(() => rm(folder, { recursive: true }));

it("is held by one at a time; a second start knocks at the first", async () => {
  const knocked = vi.fn();
  const release = await lockInstance(folder, knocked);
  expect(release).toBeDefined();
  expect(await lockInstance(folder, () => undefined)).toBeUndefined();
  await vi.waitFor(() => expect(knocked).toHaveBeenCalledExactlyOnceWith(undefined));
  expect(await lockInstance(folder, () => undefined, "im:alice@example.test?body=Hi")).toBeUndefined();
  await vi.waitFor(() => expect(knocked).toHaveBeenLastCalledWith("im:alice@example.test?body=Hi"));
  await release?.();
  const next = await lockInstance(folder, () => undefined);
  expect(next).toBeDefined();
  await next?.();
});

it.skipIf(process.platform === "win32")(
  "is in the folder where its path has 100 bytes at most, and elsewhere where it is longer",
  async () => {
    const inside = async (length: number): Promise<boolean> => {
      const long = join(folder, "f".repeat(length - Buffer.byteLength(join(folder, "hallway.sock")) - 1));
      await mkdir(long, { mode: 0o700 });
      const release = await lockInstance(long, () => undefined);
      expect(await lockInstance(long, () => undefined)).toBeUndefined();
      const names = await readdir(long);
      await release?.();
      return names.includes("hallway.sock");
    };
    expect([await inside(100), await inside(101)]).toEqual([true, false]);
  },
);

it.skipIf(process.platform === "win32")("is taken over from a process that was killed", async () => {
  const child = spawn(process.execPath, [
    "--input-type=module",
    "-e",
    `import { ForeignLock, lockInstance } from ${JSON.stringify(new URL("lock.ts", import.meta.url).href)};
    await lockInstance(${JSON.stringify(folder)}, () => undefined); setInterval(() => undefined, 1_000); console.log("up");`,
  ]);
  await once(child.stdout, "data");
  expect(await lockInstance(folder, () => undefined)).toBeUndefined();
  child.kill("SIGKILL");
  await once(child, "exit");
  const release = await lockInstance(folder, () => undefined);
  expect(release).toBeDefined();
  await release?.();
});

/** Makes the profile's folder so deep that its socket has to be elsewhere. */
async function deepFolder(): Promise<string> {
  const deep = join(folder, "d".repeat(100));
  await mkdir(deep);
  return deep;
}

describe.skipIf(process.platform === "win32")("where the profile's folder can hold no socket", () => {
  let outer: string;
  beforeEach(() => {
    outer = join(folder, "run");
    vi.stubEnv("XDG_RUNTIME_DIR", outer);
  });
  afterEach(() => vi.unstubAllEnvs());

  it("stands in the session's folder, in one of its own", async () => {
    await mkdir(outer, { mode: 0o700 });
    const deep = await deepFolder();
    const release = await lockInstance(deep, () => undefined);
    expect(release).toBeDefined();
    expect(await lockInstance(deep, () => undefined)).toBeUndefined();
    const [own] = await readdir(outer);
    expect((await stat(join(outer, own ?? ""))).mode & 0o777).toBe(0o700);
    await release?.();
  });

  it("is not taken where others can write, or through a link", async () => {
    await mkdir(outer, { mode: 0o700 });
    const deep = await deepFolder();
    const own = join(outer, `hallway-${process.getuid?.()}`);
    await mkdir(own);
    await chmod(own, 0o777);
    await expect(lockInstance(deep, () => undefined)).rejects.toBeInstanceOf(ForeignLock);
    await rm(own, { recursive: true });
    await symlink(deep, own);
    await expect(lockInstance(deep, () => undefined)).rejects.toBeInstanceOf(ForeignLock);
  });

  it("does not use a session's folder that is not the person's own", async () => {
    await mkdir(outer);
    await chmod(outer, 0o777);
    const deep = await deepFolder();
    const release = await lockInstance(deep, () => undefined);
    expect(release).toBeDefined();
    expect(await readdir(outer)).toEqual([]);
    await release?.();
  });
});

/** Lets every place be taken or given as `answer` says. Answers the places that were asked for. */
function listening(answer: (server: Server) => void): readonly string[] {
  const asked: string[] = [];
  vi.spyOn(Server.prototype, "listen").mockImplementation(function (this: Server, ...args: unknown[]) {
    const [{ path }, done] = args as [{ readonly path: string }, () => void];
    asked.push(path);
    this.once("listening", done);
    setImmediate(() => answer(this));
    return this;
  });
  return asked;
}

describe("a place", () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  it.skipIf(process.platform === "win32")(
    "that is neither given nor held by anybody is tried twice and is not Hallway's",
    async () => {
      const asked = listening((server) => server.emit("error", Object.assign(new Error("no"), { code: "EACCES" })));
      await expect(lockInstance(folder, () => undefined)).rejects.toMatchObject({
        place: join(folder, "hallway.sock"),
      });
      expect(asked).toEqual([join(folder, "hallway.sock"), join(folder, "hallway.sock")]);
    },
  );

  it("on Windows is a pipe whose name only those who know the secret can tell", async () => {
    vi.stubGlobal("process", { ...process, platform: "win32" });
    const asked = listening((server) => server.emit("listening"));
    await lockInstance(folder, () => undefined);
    await lockInstance(folder, () => undefined);
    await writeFile(join(folder, "instance-secret"), Buffer.alloc(32, 1));
    await lockInstance(folder, () => undefined);
    for (const path of asked) expect(path).toMatch(/^\\\\\.\\pipe\\hallway-[0-9a-f]{24}$/);
    expect([asked.length, new Set(asked).size]).toEqual([3, 2]);
  });
});

describe.skipIf(process.platform === "win32")("something that only looks like a Hallway", () => {
  it.each([
    ["says nothing and hangs up", (socket: Socket) => void socket.destroy()],
    ["sends the challenge back", (socket: Socket) => void socket.pipe(socket)],
    ["answers at random", (socket: Socket) => void socket.once("data", () => socket.write(randomBytes(32)))],
  ])("does not stop a start silently, and learns nothing: it %s", async (_, behave) => {
    const heard: Buffer[] = [];
    const squatter = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", (bytes) => heard.push(bytes));
      behave(socket);
    });
    await new Promise<void>((resolve) => squatter.listen(join(folder, "hallway.sock"), resolve));
    await expect(lockInstance(folder, () => undefined)).rejects.toBeInstanceOf(ForeignLock);
    expect(Buffer.concat(heard).length).toBeLessThanOrEqual(32);
    await new Promise((resolve) => squatter.close(resolve));
  });

  it("cannot knock: the window is shown only to who sends a challenge, and silence ends nothing", async () => {
    const knocked = vi.fn();
    const release = await lockInstance(folder, knocked);
    const visitor = connect(join(folder, "hallway.sock"));
    await once(visitor, "connect");
    visitor.end("short");
    await once(visitor.resume(), "close");
    expect(knocked).not.toHaveBeenCalled();
    expect(await lockInstance(folder, () => undefined)).toBeUndefined();
    await release?.();
  });

  it("is no folder that the person has moved and left a link to", async () => {
    const moved = join(folder, "moved");
    await mkdir(moved);
    await symlink(moved, join(folder, "link"));
    const release = await lockInstance(join(folder, "link"), () => undefined);
    expect(release).toBeDefined();
    await release?.();
  });

  it("cannot own the profile's folder", async () => {
    await chmod(folder, 0o777);
    await expect(lockInstance(folder, () => undefined)).rejects.toBeInstanceOf(ForeignLock);
  });
});

it("the secret is the person's alone, is made once, and is made anew where it is none", async () => {
  const [one, two] = await Promise.all([instanceSecret(folder), instanceSecret(folder)]);
  expect(one).toEqual(two);
  expect(await instanceSecret(folder)).toEqual(one);
  if (process.platform !== "win32") expect((await stat(join(folder, "instance-secret"))).mode & 0o777).toBe(0o600);
  await writeFile(join(folder, "instance-secret"), "torn");
  expect(await instanceSecret(folder)).toHaveLength(32);
});

it("keeps each system's convention for a person's files", () => {
  expect(profileFolder("linux", {}, "/home/a")).toBe("/home/a/.local/share/hallway");
  expect(profileFolder("linux", { XDG_DATA_HOME: "/data" }, "/home/a")).toBe("/data/hallway");
  expect(profileFolder("linux", { XDG_DATA_HOME: "data" }, "/home/a")).toBe("/home/a/.local/share/hallway");
  expect(profileFolder("darwin", {}, "/Users/a")).toBe("/Users/a/Library/Application Support/Hallway");
});

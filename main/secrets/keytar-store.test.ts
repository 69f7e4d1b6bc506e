import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { type KeytarModule, KeytarStore } from "./keytar-store.ts";

function fakeKeytar(change: Partial<KeytarModule> = {}): KeytarModule & { readonly entries: Map<string, string> } {
  const entries = new Map<string, string>();
  return {
    entries,
    getPassword: async (service, account) => entries.get(`${service} ${account}`) ?? null,
    setPassword: async (service, account, password) => void entries.set(`${service} ${account}`, password),
    deletePassword: async (service, account) => entries.delete(`${service} ${account}`),
    ...change,
  };
}

const storeOver = (keytar: KeytarModule, timeout = 1000) => new KeytarStore({ load: async () => keytar, timeout });
const rejecting = (message: string) => async () => Promise.reject(new Error(message));
const never = () => new Promise<never>(() => undefined);

describe("the secret store over keytar", () => {
  it("keeps, reads and deletes, and leaves no probe behind", async () => {
    const keytar = fakeKeytar();
    const store = storeOver(keytar);
    expect(await store.probe()).toBe("available");
    expect(keytar.entries.size).toBe(0);
    await store.set("name", "value");
    expect([...keytar.entries]).toEqual([["Hallway name", "value"]]);
    expect(await store.get("name")).toBe("value");
    await store.delete("name");
    expect(await store.get("name")).toBeUndefined();
    await expect(store.set("name", "é".repeat(40_000))).rejects.toMatchObject({ code: "too-large" });
  });

  it.each([
    ["absent", fakeKeytar({ setPassword: rejecting("Cannot autolaunch D-Bus without X11 $DISPLAY") })],
    [
      "absent",
      fakeKeytar({
        setPassword: rejecting("Object does not exist at path “/org/freedesktop/secrets/collection/login”"),
      }),
    ],
    ["absent", fakeKeytar({ getPassword: async () => null })],
    ["locked", fakeKeytar({ setPassword: rejecting("Cannot create an item in a locked collection") })],
    ["absent", fakeKeytar({ setPassword: rejecting("Could not connect: Permission denied") })],
    ["absent", fakeKeytar({ setPassword: rejecting("Cannot autolaunch D-Bus without X11 $DISPLAY") })],
    ["locked", fakeKeytar({ setPassword: rejecting("User canceled the operation.") })],
    ["locked", fakeKeytar({ setPassword: never })],
  ] as const)("tells that it is %s", async (expected, keytar) => {
    expect(await storeOver(keytar, 20).probe()).toBe(expected);
  });

  it("is absent where the native module is, and says so to the rest", async () => {
    const store = new KeytarStore({ load: () => Promise.reject(new Error("no prebuilt file")) });
    expect(await store.probe()).toBe("absent");
    await expect(store.get("name")).rejects.toMatchObject({
      code: "vault-unavailable",
      params: { reason: "no-secret-store" },
    });
  });

  it("takes no more threads while a call hangs, and goes on when it comes back", async () => {
    let release = (): void => undefined;
    let calls = 0;
    const keytar = fakeKeytar({
      getPassword: () => {
        calls += 1;
        return new Promise((resolve) => {
          release = () => resolve(null);
        });
      },
    });
    const store = storeOver(keytar, 20);
    await expect(store.get("name")).rejects.toMatchObject({ code: "vault-unavailable" });
    await expect(store.get("name")).rejects.toMatchObject({ code: "vault-unavailable" });
    expect(calls).toBe(1);
    release();
    await expect.poll(() => store.delete("name").then(() => "works")).toBe("works");
  });
});

function found(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

const missing = ["dbus-run-session", "gnome-keyring-daemon"].filter((program) => !found(program));

describe("a real keyring (gnome-keyring on a private bus)", () => {
  /** Output of keyring.test-helper.ts in a session of its own, after `prepare`. */
  async function inSession(prepare: string): Promise<unknown> {
    const home = await mkdtemp(join(tmpdir(), "hallway-home-"));
    try {
      await mkdir(join(home, "run"), { mode: 0o700 });
      const script = fileURLToPath(new URL("./keyring.test-helper.ts", import.meta.url));
      const { stdout, stderr } = spawnSync(
        "dbus-run-session",
        ["--", "sh", "-c", `${prepare}\nexec "$@"`, "sh", process.execPath, script],
        {
          env: {
            PATH: process.env["PATH"] ?? "",
            HOME: home,
            XDG_DATA_HOME: join(home, "data"),
            XDG_RUNTIME_DIR: join(home, "run"),
          },
          encoding: "utf8",
          timeout: 60_000,
        },
      );
      const line = stdout.trim().split("\n").at(-1) ?? "";
      if (!line.startsWith("{")) throw new Error(`no answer: ${stdout} ${stderr}`);
      return JSON.parse(line);
    } finally {
      await rm(home, { recursive: true, force: true });
    }
  }

  it("holds the vault's key when it is unlocked", async ({ skip }) => {
    if (missing.length > 0) skip(`not installed: ${missing.join(", ")}`);
    expect(await inSession("printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null")).toEqual({
      probe: "available",
      read: "pässwörd 🔑",
      deleted: true,
      vault: "ready",
      sameKey: true,
    });
  });

  it("is absent or locked without a keyring, and nothing crashes", async ({ skip }) => {
    if (missing.length > 0) skip(`not installed: ${missing.join(", ")}`);
    expect(["absent", "locked"]).toContain(((await inSession("true")) as { probe: string }).probe);
    const started = await inSession("gnome-keyring-daemon --start --components=secrets >/dev/null");
    expect(["absent", "locked"]).toContain((started as { probe: string }).probe);
  });
});

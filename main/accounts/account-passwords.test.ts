import { beforeEach, describe, expect, it } from "vitest";
import { AccountPasswords } from "./account-passwords.ts";

let stored: Map<string, string>;
let mayStore: boolean;
let isKnown: boolean;
let passwords: AccountPasswords;

/** As after a start of the program over the same store. */
function run(): void {
  passwords = new AccountPasswords({
    store: {
      get: async (id) => stored.get(id),
      set: async (id, password) => void stored.set(id, password),
      delete: async (id) => void stored.delete(id),
    },
    mayStore: () => mayStore,
    isKnown: () => isKnown,
  });
}

beforeEach(() => {
  stored = new Map([["neighbor", "theirs"]]);
  mayStore = true;
  isKnown = true;
  run();
});

describe("a password", () => {
  it("is stored where it may be, and known after a restart", async () => {
    await passwords.set("a", "secret");
    expect(stored.get("a")).toBe("secret");
    run();
    expect([await passwords.get("a"), await passwords.get("nobody")]).toEqual(["secret", undefined]);
  });

  it("is known until the program quits where it may not be stored, and what was stored of it before is gone", async () => {
    stored.set("a", "old");
    mayStore = false;
    expect(await passwords.get("a")).toBeUndefined();
    await passwords.set("a", "new");
    expect([await passwords.get("a"), [...stored.keys()]]).toEqual(["new", ["neighbor"]]);
    run();
    expect(await passwords.get("a")).toBeUndefined();
  });

  it("that is stored later counts, and not the one in memory from before", async () => {
    mayStore = false;
    await passwords.set("a", "old");
    mayStore = true;
    expect(await passwords.get("a")).toBe("old");
    await passwords.set("a", "new");
    expect(await passwords.get("a")).toBe("new");
  });

  it("that is deleted is gone from memory and store, and its neighbor's is not", async () => {
    await passwords.set("a", "stored");
    await passwords.delete("a");
    mayStore = false;
    await passwords.set("b", "in memory");
    await passwords.delete("b");
    expect([await passwords.get("a"), await passwords.get("b"), [...stored]]).toEqual([
      undefined,
      undefined,
      [["neighbor", "theirs"]],
    ]);
  });
});

describe("a policy against stored passwords", () => {
  beforeEach(() => {
    stored.set("a", "secret");
    mayStore = false;
  });

  it("takes those of these accounts from the store; one in use is known until the program quits", async () => {
    await passwords.applyPolicy(["a"], true);
    expect([await passwords.get("a"), [...stored.keys()]]).toEqual(["secret", ["neighbor"]]);
    run();
    expect(await passwords.get("a")).toBeUndefined();
  });

  it("leaves one that is not in use to be asked for", async () => {
    await passwords.applyPolicy(["a"], false);
    expect([await passwords.get("a"), [...stored.keys()]]).toEqual([undefined, ["neighbor"]]);
  });

  it("does not bring back an older one than was typed in since", async () => {
    await passwords.set("a", "new");
    stored.set("a", "old");
    await passwords.applyPolicy(["a"], true);
    expect(await passwords.get("a")).toBe("new");
  });

  it("deletes nothing while it cannot be read, nor where it allows them", async () => {
    isKnown = false;
    await passwords.applyPolicy(["a"], true);
    isKnown = true;
    mayStore = true;
    await passwords.applyPolicy(["a"], false);
    expect([...stored.keys()]).toEqual(["neighbor", "a"]);
  });
});

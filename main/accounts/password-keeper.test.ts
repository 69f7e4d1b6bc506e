import { beforeEach, describe, expect, it } from "vitest";
import { createPasswordKeeper, type PasswordKeeper } from "./password-keeper.ts";

let stored: Map<string, string>;
let mayStore: boolean;
let isKnown: boolean;
let keeper: PasswordKeeper;

/** As after a start of the program over the same store. */
function run(): void {
  keeper = createPasswordKeeper(
    {
      get: async (id) => stored.get(id),
      set: async (id, password) => void stored.set(id, password),
      delete: async (id) => void stored.delete(id),
    },
    () => mayStore,
    () => isKnown,
  );
}

beforeEach(() => {
  stored = new Map([["neighbor", "theirs"]]);
  mayStore = true;
  isKnown = true;
  run();
});

describe("a password", () => {
  it("is stored where it may be, and known after a restart", async () => {
    await keeper.set("a", "secret");
    expect(stored.get("a")).toBe("secret");
    run();
    expect([await keeper.get("a"), await keeper.get("nobody")]).toEqual(["secret", undefined]);
  });

  it("is known until the program quits where it may not be stored, and what was stored of it before is gone", async () => {
    stored.set("a", "old");
    mayStore = false;
    expect(await keeper.get("a")).toBeUndefined();
    await keeper.set("a", "new");
    expect([await keeper.get("a"), [...stored.keys()]]).toEqual(["new", ["neighbor"]]);
    run();
    expect(await keeper.get("a")).toBeUndefined();
  });

  it("that is stored later counts, and not the one in memory from before", async () => {
    mayStore = false;
    await keeper.set("a", "old");
    mayStore = true;
    expect(await keeper.get("a")).toBe("old");
    await keeper.set("a", "new");
    expect(await keeper.get("a")).toBe("new");
  });

  it("that is deleted is gone from memory and store, and its neighbor's is not", async () => {
    await keeper.set("a", "stored");
    await keeper.delete("a");
    mayStore = false;
    await keeper.set("b", "in memory");
    await keeper.delete("b");
    expect([await keeper.get("a"), await keeper.get("b"), [...stored]]).toEqual([
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
    await keeper.obey(["a"], true);
    expect([await keeper.get("a"), [...stored.keys()]]).toEqual(["secret", ["neighbor"]]);
    run();
    expect(await keeper.get("a")).toBeUndefined();
  });

  it("leaves one that is not in use to be asked for", async () => {
    await keeper.obey(["a"], false);
    expect([await keeper.get("a"), [...stored.keys()]]).toEqual([undefined, ["neighbor"]]);
  });

  it("does not bring back an older one than was typed in since", async () => {
    await keeper.set("a", "new");
    stored.set("a", "old");
    await keeper.obey(["a"], true);
    expect(await keeper.get("a")).toBe("new");
  });

  it("deletes nothing while it cannot be read, nor where it allows them", async () => {
    isKnown = false;
    await keeper.obey(["a"], true);
    isKnown = true;
    mayStore = true;
    await keeper.obey(["a"], false);
    expect([...stored.keys()]).toEqual(["neighbor", "a"]);
  });
});

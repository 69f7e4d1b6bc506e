import { describe, expect, it } from "vitest";
import { createPasswordCheck, matchesAny } from "./password-check.ts";

const alice = { id: "a", address: "alice@example.test", refused: false };
const bob = { id: "b", address: "bob@example.test", refused: false };

function checkOver(accounts: readonly (typeof alice)[], stored: Readonly<Record<string, string>>) {
  const asked: string[][] = [];
  const check = createPasswordCheck({
    accounts: () => accounts,
    password: async (id) => stored[id],
    signIn: async (id, password) => {
      asked.push([id, password]);
      return password === "right";
    },
  });
  return { check, asked };
}

describe("whether somebody knows a password of an account", () => {
  it("is asked of no server where one is known here", async () => {
    const { check, asked } = checkOver([alice, bob], { b: "secret" });
    expect(await check.by()).toBe("password");
    expect([
      await check.check("secret", undefined),
      await check.check("Secret", undefined),
      await check.check("", undefined),
      await check.check("right", alice.address),
    ]).toEqual([true, false, false, false]);
    expect(asked).toEqual([]);
  });

  it("is asked of the server of the one account that was named, and of no other", async () => {
    const { check, asked } = checkOver([alice, bob], {});
    expect(await check.by()).toBe("sign-in");
    expect(await check.check("right", " Bob@Example.TEST ")).toBe(true);
    expect(await check.check("wrong", bob.address)).toBe(false);
    expect(await check.check("right", "carol@example.test")).toBe(false);
    expect(await check.check("right", undefined)).toBe(false);
    expect(asked).toEqual([
      ["b", "right"],
      ["b", "wrong"],
    ]);
  });

  it("is not compared with a password that the server has refused", async () => {
    const { check } = checkOver([{ ...alice, refused: true }], { a: "old" });
    expect(await check.by()).toBe("sign-in");
    expect(await check.check("old", alice.address)).toBe(false);
  });

  it("cannot be told without an account", async () => {
    expect(await checkOver([], { a: "secret" }).check.by()).toBeUndefined();
  });

  it("does not hang on how a letter was typed", async () => {
    expect(await matchesAny("u\u0308", ["other", "ü"])).toBe(true);
    expect(await matchesAny("u", ["ü"])).toBe(false);
  });
});

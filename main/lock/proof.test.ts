import { expect, it, vi } from "vitest";
import { createProof } from "./proof.ts";

function setUp(byPassphrase: boolean) {
  const verify = vi.fn(async (secret: string) => secret === "phrase");
  const check = vi.fn(
    async (password: string, address: string | undefined) => password === "word" && address === "me@x.example",
  );
  const proof = createProof({
    vault: { byPassphrase, verify },
    accounts: () => ({ by: async () => "password", check }),
  });
  return { proof, verify, check };
}

it("whoever has made a passphrase shows themselves by it, and by no password", async () => {
  const { proof, check } = setUp(true);
  expect(await proof.by()).toBe("passphrase");
  expect([await proof.check("phrase", undefined), await proof.check("word", "me@x.example")]).toEqual([true, false]);
  expect(check).not.toHaveBeenCalled();
});

it("everybody else shows themselves by the password of the account that they name", async () => {
  const { proof, verify } = setUp(false);
  expect(await proof.by()).toBe("password");
  expect([
    await proof.check("word", "me@x.example"),
    await proof.check("word", "you@x.example"),
    await proof.check("phrase", "me@x.example"),
  ]).toEqual([true, false, false]);
  expect(verify).not.toHaveBeenCalled();
});

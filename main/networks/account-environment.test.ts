import { expect, it } from "vitest";
import { accountEnvironment } from "./account-environment.ts";
import type { NetworkEnvironment } from "./environment.ts";

it("every line of an account's connection names the account, and what policy says is read anew", () => {
  const lines: unknown[] = [];
  const write = (what: string, about?: Record<string, unknown>): void => void lines.push({ what, ...about });
  let anchors: readonly string[] = [];
  const environment = {
    log: { debug: write, info: write, warn: write },
    get extraTrust() {
      return anchors;
    },
  } as unknown as NetworkEnvironment;
  const own = accountEnvironment(environment, "account-one");
  own.log.debug("one");
  own.log.info("two", { code: "timed-out" });
  own.log.warn("three");
  expect(lines).toEqual([
    { what: "one", account: "account-one" },
    { what: "two", account: "account-one", code: "timed-out" },
    { what: "three", account: "account-one" },
  ]);
  anchors = ["a new one"];
  expect(own.extraTrust).toEqual(["a new one"]);
});

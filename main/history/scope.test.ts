import { expect, it } from "vitest";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import { createScope, currentScope, everything, type ScopeRules, sameRules } from "./scope.ts";

const allowedDomains: readonly string[] = ["partner.test"];
const rules = (scope: ScopeRules["scope"]): ScopeRules => ({
  scope,
  own: new Map([["a", "me@inside.test"]]),
  allowedDomains,
});
const places = [
  { accountId: "a", address: "bob@inside.test" },
  { accountId: "a", address: "bob@partner.test" },
  { accountId: "a", address: "eve@outside.test" },
  // Nobody can tell of an account that is not there.
  { accountId: "gone", address: "eve@outside.test" },
];

it("all is kept, or what is inside, or what is outside; what nobody can tell is kept", () => {
  const kept = (scope: ScopeRules["scope"]): boolean[] => places.map(createScope(rules(scope)));
  expect([kept("all"), kept("internal"), kept("external")]).toEqual([
    [true, true, true, true],
    [true, true, false, true],
    [false, false, true, true],
  ]);
});

it("the rules are the settings with the own addresses, and nothing where all is kept", () => {
  const get = (scope: ScopeRules["scope"]): ReadSetting =>
    ((key: string) => (key === "HistoryScope" ? scope : allowedDomains)) as ReadSetting;
  const accounts = [{ id: "a", address: "me@inside.test", more: 1 }];
  const tables = { all: () => accounts };
  expect(currentScope(get("all"), tables)()).toBe(everything);
  expect(currentScope(get("internal"), tables)()).toEqual(rules("internal"));
});

it("rules are the same where each part is", () => {
  const base = rules("internal");
  expect([sameRules(base, base), sameRules(base, rules("internal"))]).toEqual([true, true]);
  const others: ScopeRules[] = [
    rules("external"),
    { ...base, allowedDomains: [...allowedDomains] },
    { ...base, own: new Map() },
    { ...base, own: new Map([["a", "other@inside.test"]]) },
    { ...base, own: new Map([["b", "me@inside.test"]]) },
  ];
  for (const other of others) expect([sameRules(base, other), sameRules(other, base)]).toEqual([false, false]);
});

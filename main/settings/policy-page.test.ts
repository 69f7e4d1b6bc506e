import { expect, it } from "vitest";
import { settings as declarations } from "../../shared/settings/declaration.ts";
import { policyPage } from "./policy-page.ts";
import { createSettings } from "./settings.ts";
import { MergedLevel } from "./sources/merge.ts";

it("the policy page lists conflicts, with the restricted values, and what follows from all values together", () => {
  const level = new MergedLevel("mandatory", declarations);
  for (const [source, file] of [
    ["/a.json", { FederationMode: "list", ArchiveRequired: true }],
    ["/b.json", { FederationMode: "open" }],
  ] as const)
    level.add(new Map(Object.entries(file).map(([key, value]) => [key, { value, source, line: 1 }])));
  const { values: mandatory, problems } = level;
  const policies = {
    snapshot: { mandatory, recommended: new Map() },
    problems,
    connectionsAllowed: true,
    onChange: () => () => undefined,
  };
  const page = policyPage(createSettings({ declarations, policies }), policies, Date.now);
  expect(page.problems).toMatchObject([
    { kind: "conflict", key: "FederationMode", source: "/b.json", detail: expect.stringContaining("/a.json:1") },
    {
      kind: "contradiction",
      key: "ArchiveRequired",
      source: "/a.json",
      line: 1,
      detail: expect.stringContaining("ArchiveDestination is not set"),
    },
  ]);
  expect(page.entries.find(({ key }) => key === "FederationMode")).toMatchObject({
    value: "none",
    error: { params: { conflict: "/a.json:1" } },
  });
});

import { expect, it } from "vitest";
import { settings } from "../../shared/settings/declaration.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import { createWords } from "../../shared/words/words.ts";

import type { Audit } from "../record/audit/audit.ts";
import { governContent } from "./content.ts";

it("each hit of a rule is audited, and the log says once an hour how many there were", () => {
  const audited: unknown[] = [];
  const logged: { what: string; about: unknown }[] = [];
  const rules = [
    { name: "Project", keywords: ["kestrel"], ignoreCase: true, action: "audit", direction: "both", audience: "all" },
  ];
  const get = ((key: keyof typeof settings) => (key === "ContentRules" ? rules : settings[key].default)) as ReadSetting;
  const guard = governContent({
    get,
    words: () => createWords("en"),
    appStatus: { notice: () => undefined, settled: () => undefined },
    audit: () => ({ record: async (entry: unknown) => void audited.push(entry) }) as unknown as Audit,
    log: { debug: () => undefined, info: (what, about) => logged.push({ what, about }), warn: () => undefined },
  });
  for (let n = 0; n < 500; n++)
    guard.received({ own: "me@bank.example", peer: "robin@bank.example", direction: "in", body: `kestrel ${n}` });
  expect(audited).toHaveLength(500);
  expect(logged).toEqual([
    {
      what: "A rule for messages found something",
      about: expect.objectContaining({ rule: "Project", direction: "in", count: 1 }),
    },
  ]);
});

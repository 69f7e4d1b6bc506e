import { describe, expect, it } from "vitest";
import type { ContactRecord } from "../../../shared/model/contact.ts";
import { type GroupsInput, layOutGroups } from "./groups.ts";
import { person } from "./people.test-helper.ts";

const build = (contacts: readonly ContactRecord[], more: Partial<GroupsInput> = {}): string[] =>
  layOutGroups({
    contacts,
    showOffline: true,
    keep: () => false,
    compareGroups: (a, b) => a.localeCompare(b),
    ...more,
  }).map(({ key, members, shown }) => {
    const names = shown.map((id) => id.replace(/^.*\||@.*$/g, "")).join(" ");
    return `${key}: ${names} (${shown.length} of ${members.length})`;
  });

describe("groups of the contact list", () => {
  const people = [
    person("Ann", { groups: ["B", "A"] }),
    person("Bea", { groups: ["A"], presence: { availability: "away" } }),
    person("Cai"),
    person("Dan", { pinned: true, groups: ["A"] }),
    person("Eve", { listed: false }),
  ];

  it("puts pinned people first, then groups by name, those in no group, and last those not in the list", () => {
    expect(build(people)).toEqual([
      "pinned: dan (1 of 1)",
      "group:A: ann bea (2 of 2)",
      "group:B: ann (1 of 1)",
      "ungrouped: cai (1 of 1)",
      "unlisted: eve (1 of 1)",
    ]);
  });

  it("shows nobody in a group of which nothing shows", () => {
    expect(
      build([person("Ann", { groups: ["\u200B", " "] }), person("Bea", { groups: ["A", "\u3164", "A"] })]),
    ).toEqual(["group:A: bea (1 of 1)", "ungrouped: ann (1 of 1)"]);
  });

  it("hides who is offline except those who are kept", () => {
    expect(build(people, { showOffline: false, keep: (id) => id.includes("cai") })).toEqual([
      "pinned:  (0 of 1)",
      "group:A: bea (1 of 2)",
      "group:B:  (0 of 1)",
      "ungrouped: cai (1 of 1)",
      "unlisted:  (0 of 1)",
    ]);
  });

  it("is not moved by presence", () => {
    const moved = people.map((contact) => ({ ...contact, presence: { availability: "available" as const } }));
    expect(build(moved)).toEqual(build(people));
  });

  it("is not confused by groups named like its own keys", () => {
    expect(build([person("Ann", { groups: ["pinned", "__proto__"] })])).toEqual([
      "group:__proto__: ann (1 of 1)",
      "group:pinned: ann (1 of 1)",
    ]);
  });
});

import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { declare, itDecides, personOrPolicy, planned } from "../../shared/settings/declare.ts";
import { boolean, choice, structure } from "../../shared/settings/kinds.ts";
import { resolveAll } from "./resolve.ts";
import type { PolicySnapshot } from "./sources/source.ts";

const common = {
  ...choice(["encrypted", "memory", "off"]),
  default: "encrypted",
  restricted: "off",
  example: "off",
} as const;
const declarations = {
  Both: declare({ ...common, ...planned, ...personOrPolicy }),
  Only: declare({ ...common, ...planned, ...itDecides }),
  Never: declare({ ...common, policy: "none", user: true, since: "0.1" }),
  GroupA: declare({ ...common, ...planned, ...personOrPolicy, group: "g" }),
  GroupB: declare({ ...common, ...planned, ...personOrPolicy, group: "g" }),
  Tighten: declare({ ...common, ...planned, ...personOrPolicy, tighten: true }),
  Flag: declare({
    ...boolean(),
    ...planned,
    ...personOrPolicy,
    tighten: true,
    default: true,
    restricted: false,
    example: false,
  }),
  Rules: declare({
    ...structure(v.array(v.strictObject({ pattern: v.string(), words: v.optional(v.array(v.string())) }))),
    ...planned,
    ...itDecides,
    default: [],
    restricted: [],
    example: [],
  }),
};

function policy(mandatory: Record<string, unknown>, recommended: Record<string, unknown> = {}): PolicySnapshot {
  const level = (of: Record<string, unknown>, name: string) =>
    new Map(Object.entries(of).map(([key, value]) => [key, { value, source: `/${name}.json` }]));
  return { mandatory: level(mandatory, "managed"), recommended: level(recommended, "recommended") };
}

function resolve(key: keyof typeof declarations, from: PolicySnapshot, user: Record<string, unknown> = {}) {
  return resolveAll(declarations, from, new Map(Object.entries(user))).get(key);
}

describe("resolve", () => {
  it("lays mandatory over the person over recommended over the default", () => {
    const user = { Both: "memory" };
    expect(resolve("Both", policy({}))).toEqual({ value: "encrypted", origin: "default", locked: false });
    expect(resolve("Both", policy({}, { Both: "off" }))).toEqual({
      value: "off",
      origin: "recommended",
      locked: false,
      source: "/recommended.json",
    });
    expect(resolve("Both", policy({}, { Both: "off" }), user)).toEqual({
      value: "memory",
      origin: "user",
      locked: false,
    });
    expect(resolve("Both", policy({ Both: "off" }, { Both: "encrypted" }), user)).toEqual({
      value: "off",
      origin: "policy",
      locked: true,
      source: "/managed.json",
    });
  });

  it("lets each level speak only where the declaration allows", () => {
    expect(resolve("Only", policy({}, { Only: "off" }), { Only: "memory" })).toEqual({
      value: "encrypted",
      origin: "default",
      locked: true,
    });
    expect(resolve("Only", policy({ Only: "off" }))).toMatchObject({ value: "off", origin: "policy" });
    expect(resolve("Never", policy({ Never: "off" }, { Never: "off" }), { Never: "memory" })).toEqual({
      value: "memory",
      origin: "user",
      locked: false,
    });
  });

  it("restricts where a policy value is there but invalid, and says so; absent is not invalid", () => {
    for (const bad of ["on", null, 1, {}, []]) {
      expect(resolve("Both", policy({ Both: bad }), { Both: "memory" })).toEqual({
        value: "off",
        origin: "policy",
        locked: true,
        source: "/managed.json",
        error: { code: "policy-invalid", params: { setting: "Both", path: "Both", source: "/managed.json" } },
      });
    }
    expect(resolve("Both", policy({}, { Both: 7 }))).toMatchObject({
      value: "off",
      origin: "recommended",
      locked: false,
      error: { code: "policy-invalid" },
    });
    expect(resolve("Both", policy({}), { Both: 7 })).toEqual({ value: "encrypted", origin: "default", locked: false });
  });

  it("names the place in a value that cannot be used", () => {
    const pathOf = (value: unknown) => resolve("Rules", policy({ Rules: value }))?.error?.params?.["path"];
    expect(pathOf([{ pattern: "a" }, { pattern: "b", words: ["x", 3] }])).toBe("Rules[1].words[1]");
    expect(pathOf([{ pattern: "a" }, { pattern: "b" }, {}])).toBe("Rules[2].pattern");
    expect(pathOf([{ pattern: "a", colour: 1 }])).toBe("Rules[0].colour");
    expect(pathOf("[]")).toBe("Rules");
    expect(String(pathOf([{ pattern: "a", ["x".repeat(9999)]: 1 }]))).toHaveLength(500);
  });

  it("only tightens where policy may only tighten", () => {
    expect(resolve("Flag", policy({ Flag: false }), { Flag: true })).toMatchObject({
      value: false,
      origin: "policy",
      locked: true,
    });
    expect(resolve("Flag", policy({ Flag: true }), { Flag: false })).toMatchObject({
      value: false,
      origin: "user",
      locked: false,
    });
    expect(resolve("Flag", policy({ Flag: true }, { Flag: false }))).toMatchObject({
      value: false,
      origin: "recommended",
      locked: false,
    });
    expect(resolve("Flag", policy({ Flag: true }))).toMatchObject({ value: true, origin: "default", locked: false });
    expect(resolve("Flag", policy({ Flag: "yes" }), { Flag: true })).toMatchObject({
      value: false,
      origin: "policy",
      locked: true,
      error: { code: "policy-invalid" },
    });
    expect(resolve("Tighten", policy({ Tighten: "memory" }), { Tighten: "encrypted" })).toMatchObject({
      value: "memory",
      origin: "policy",
      locked: false,
    });
    expect(resolve("Tighten", policy({ Tighten: "memory" }), { Tighten: "off" })).toMatchObject({
      value: "off",
      origin: "user",
      locked: false,
    });
    expect(resolve("Tighten", policy({ Tighten: "off" }))).toMatchObject({
      value: "off",
      origin: "policy",
      locked: true,
    });
  });

  it("merges a group key by key; the person chooses none of a group that a mandatory policy decides", () => {
    const user = { GroupA: "memory", GroupB: "memory" };
    expect(resolve("GroupB", policy({ GroupA: "off" }), user)).toEqual({
      value: "encrypted",
      origin: "default",
      locked: true,
    });
    expect(resolve("GroupB", policy({ GroupA: "off" }, { GroupB: "off" }), user)).toMatchObject({
      value: "off",
      origin: "recommended",
      locked: true,
    });
    expect(resolve("GroupB", policy({}, { GroupB: "off" }), { GroupA: "memory" })).toMatchObject({
      value: "off",
      origin: "recommended",
      locked: false,
    });
    expect(resolve("GroupB", policy({}, { GroupB: "off" }))).toMatchObject({ value: "off", origin: "recommended" });
  });
});

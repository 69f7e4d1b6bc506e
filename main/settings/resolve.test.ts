import * as v from "valibot";
import { describe, expect, it } from "vitest";
import { settings } from "../../shared/settings/declaration.ts";
import { declare } from "../../shared/settings/declare.ts";
import { resolveAll } from "./resolve.ts";
import type { PolicySnapshot } from "./sources/source.ts";

const mode = v.picklist(["off", "memory", "encrypted"]);
const common = { default: "encrypted", restricted: "off", since: "0.1", example: "off" } as const;
const declarations = {
  Both: declare({ ...common, schema: mode, policy: "mandatory-and-recommended", user: true }),
  Only: declare({ ...common, schema: mode, policy: "mandatory-only", user: false }),
  Never: declare({ ...common, schema: mode, policy: "none", user: true }),
  GroupA: declare({ ...common, schema: mode, policy: "mandatory-and-recommended", user: true, group: "g" }),
  GroupB: declare({ ...common, schema: mode, policy: "mandatory-and-recommended", user: true, group: "g" }),
};

function policy(mandatory: Record<string, unknown>, recommended: Record<string, unknown> = {}): PolicySnapshot {
  const level = (of: Record<string, unknown>, name: string) => new Map(Object.entries(of).map(([key, value]) => [key, { value, source: `/${name}.json` }]));
  return { mandatory: level(mandatory, "managed"), recommended: level(recommended, "recommended") };
}

function resolve(key: keyof typeof declarations, from: PolicySnapshot, user: Record<string, unknown> = {}) {
  return resolveAll(declarations, from, new Map(Object.entries(user))).get(key);
}

describe("resolve", () => {
  it("lays mandatory over the person over recommended over the default", () => {
    const user = { Both: "memory" };
    expect(resolve("Both", policy({}))).toEqual({ value: "encrypted", origin: "default", locked: false });
    expect(resolve("Both", policy({}, { Both: "off" }))).toEqual({ value: "off", origin: "recommended", locked: false, source: "/recommended.json" });
    expect(resolve("Both", policy({}, { Both: "off" }), user)).toEqual({ value: "memory", origin: "user", locked: false });
    expect(resolve("Both", policy({ Both: "off" }, { Both: "encrypted" }), user)).toEqual({
      value: "off",
      origin: "policy",
      locked: true,
      source: "/managed.json",
    });
  });

  it("lets each level speak only where the declaration allows", () => {
    expect(resolve("Only", policy({}, { Only: "off" }), { Only: "memory" })).toEqual({ value: "encrypted", origin: "default", locked: true });
    expect(resolve("Only", policy({ Only: "off" }))).toMatchObject({ value: "off", origin: "policy" });
    expect(resolve("Never", policy({ Never: "off" }, { Never: "off" }), { Never: "memory" })).toEqual({ value: "memory", origin: "user", locked: false });
  });

  it("restricts where a policy value is there but invalid, and says so; absent is not invalid", () => {
    for (const bad of ["on", null, 1, {}, []]) {
      expect(resolve("Both", policy({ Both: bad }), { Both: "memory" })).toEqual({
        value: "off",
        origin: "policy",
        locked: true,
        source: "/managed.json",
        error: { code: "policy-invalid", params: { setting: "Both", source: "/managed.json" } },
      });
    }
    expect(resolve("Both", policy({}, { Both: 7 }))).toMatchObject({ value: "off", origin: "recommended", locked: false, error: { code: "policy-invalid" } });
    expect(resolve("Both", policy({}), { Both: 7 })).toEqual({ value: "encrypted", origin: "default", locked: false });
  });

  it("takes a group whole from one level", () => {
    const user = { GroupA: "memory", GroupB: "memory" };
    expect(resolve("GroupB", policy({ GroupA: "off" }), user)).toEqual({ value: "encrypted", origin: "default", locked: true });
    expect(resolve("GroupB", policy({}, { GroupB: "off" }), { GroupA: "memory" })).toEqual({ value: "encrypted", origin: "default", locked: false });
    expect(resolve("GroupB", policy({}, { GroupB: "off" }))).toMatchObject({ value: "off", origin: "recommended" });
  });

  it("has a default and a restricted value that each real setting's own schema accepts", () => {
    for (const [key, declaration] of Object.entries(settings)) {
      for (const value of [declaration.default, declaration.restricted, declaration.example]) expect(v.is(declaration.schema, value), key).toBe(true);
    }
  });
});

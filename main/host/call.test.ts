import { describe, expect, it } from "vitest";
import { checkCall, parseCall } from "./call.ts";

describe("a call of the window", () => {
  const call = { id: 1, method: "m", args: {} };

  it("has four million characters at most", () => {
    const text = (length: number): string => {
      const head = '{"id":1,"method":"m","args":"';
      return `${head}${"x".repeat(length - head.length - 2)}"}`;
    };
    expect(parseCall(text(4 * 1024 * 1024))).toMatchObject({ id: 1, method: "m" });
    expect(parseCall(text(4 * 1024 * 1024 + 1))).toBeUndefined();
    expect(parseCall("{")).toBeUndefined();
  });

  it("has a number and a name of 100 characters at most, and nothing else for one", () => {
    expect(checkCall({ ...call, more: 1 })).toEqual(call);
    expect(checkCall({ ...call, id: 0, method: "m".repeat(100) })).toMatchObject({ id: 0 });
    for (const bad of [
      null,
      "text",
      { ...call, id: -1 },
      { ...call, id: 1.5 },
      { ...call, id: "1" },
      { ...call, id: Number.MAX_SAFE_INTEGER + 1 },
      { ...call, method: "" },
      { ...call, method: "m".repeat(101) },
      { ...call, method: 7 },
    ])
      expect(checkCall(bad)).toBeUndefined();
  });
});

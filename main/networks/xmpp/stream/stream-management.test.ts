import xml from "@xmpp/xml";
import fc from "fast-check";
import { expect, it } from "vitest";
import { StreamManagement } from "./stream-management.ts";

const make = () => new StreamManagement(xml("enabled", { id: "x", resume: "true" }));
const entry = (n: number) => ({ xml: String(n), message: undefined, keep: false });

it("settles what was seen, oldest first, and keeps the rest", () => {
  const sm = make();
  for (let n = 1; n <= 5; n += 1) sm.sent(entry(n));
  expect(sm.acknowledge("3")?.map((e) => e.xml)).toEqual(["1", "2", "3"]);
  expect(sm.acknowledge("3")).toEqual([]);
  expect(sm.unacknowledged().map((e) => e.xml)).toEqual(["4", "5"]);
  expect(sm.pending).toBe(2);
});

it.each(["6", "-1", "", "x", "1.5", "4294967296", "99999999999", undefined])(
  "takes %s for impossible and keeps everything",
  (h) => {
    const sm = make();
    for (let n = 1; n <= 5; n += 1) sm.sent(entry(n));
    sm.acknowledge("2");
    expect(sm.acknowledge(h)).toBeUndefined();
    expect(sm.acknowledge("1")).toBeUndefined();
    expect(sm.pending).toBe(3);
  },
);

it("resumes only where the server said so", () => {
  expect(make().resumeId).toBe("x");
  for (const attrs of [{ id: "x" }, { resume: "true" }, { id: "x", resume: "false" }])
    expect(new StreamManagement(xml("enabled", attrs)).resumeId).toBeUndefined();
});

it("agrees with a plain count for any course of things", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.constant("send" as const), fc.nat(5)), { maxLength: 2000 }), (steps) => {
      const sm = make();
      let sent = 0;
      let seen = 0;
      for (const step of steps) {
        if (step === "send") {
          sent += 1;
          sm.sent(entry(sent));
        } else {
          seen = Math.min(sent, seen + step);
          sm.acknowledge(String(seen));
        }
        expect(sm.pending).toBe(sent - seen);
      }
      expect(sm.unacknowledged().map((e) => e.xml)).toEqual(
        Array.from({ length: sent - seen }, (_, i) => String(seen + i + 1)),
      );
    }),
    { numRuns: 50 },
  );
});

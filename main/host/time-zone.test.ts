import { afterEach, expect, it } from "vitest";
import { createTimeZone } from "./time-zone.ts";

const started = process.env["TZ"];
afterEach(() => {
  if (started === undefined) delete process.env["TZ"];
  else process.env["TZ"] = started;
});

const offset = () => new Date(Date.parse("2026-11-22T23:30:00Z")).getTimezoneOffset();

it("makes this process follow the computer to another time zone", () => {
  delete process.env["TZ"];
  const become = createTimeZone();
  become("America/New_York");
  expect(offset()).toBe(300);
  become("Asia/Tokyo");
  expect(offset()).toBe(-540);
  become("UTC");
  expect(offset()).toBe(0);
});

it.each(["", "Etc/Unknown", "+05:00", "CET-1CEST", ":/etc/passwd", "../../etc/passwd", "Asia/Nowhere"])(
  "takes %j for no time zone",
  (zone) => {
    delete process.env["TZ"];
    const become = createTimeZone();
    become("Asia/Tokyo");
    become(zone);
    expect([process.env["TZ"], offset()]).toEqual(["Asia/Tokyo", -540]);
  },
);

it("leaves alone the zone that it is in, and what whoever started Hallway has set", () => {
  delete process.env["TZ"];
  createTimeZone()(Intl.DateTimeFormat().resolvedOptions().timeZone);
  expect(process.env["TZ"]).toBeUndefined();
  const env = { TZ: "UTC" };
  createTimeZone(env)("Asia/Tokyo");
  expect(env.TZ).toBe("UTC");
});

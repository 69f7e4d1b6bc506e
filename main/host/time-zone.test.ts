import { afterEach, expect, it, vi } from "vitest";
import { followTimeZone } from "./time-zone.ts";

const started = process.env["TZ"];
let stop = (): void => undefined;
afterEach(() => {
  stop();
  if (started === undefined) delete process.env["TZ"];
  else process.env["TZ"] = started;
});

it("makes this process follow the computer to another time zone", async () => {
  delete process.env["TZ"];
  let zone = "Europe/Paris";
  const at = Date.parse("2026-11-22T23:30:00Z");
  stop = followTimeZone(process.env, () => zone, 1);
  zone = "America/New_York";
  await vi.waitFor(() => expect(new Date(at).getTimezoneOffset()).toBe(300));
  zone = "Asia/Tokyo";
  await vi.waitFor(() => expect(new Date(at).getTimezoneOffset()).toBe(-540));
});

it("leaves alone what whoever started Hallway has set", () => {
  const env = { TZ: "UTC" };
  const read = vi.fn(() => "Asia/Tokyo");
  stop = followTimeZone(env, read, 1);
  expect(read).not.toHaveBeenCalled();
  expect(env.TZ).toBe("UTC");
});

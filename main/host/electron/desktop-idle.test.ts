import { expect, it } from "vitest";
import { DesktopIdle, isWayland } from "./desktop-idle.ts";

it("a Wayland desktop that always says 0 says nothing, until it says more", () => {
  let said = 0;
  const source = { getSystemIdleTime: () => said };
  const [wayland, other] = [new DesktopIdle(source, true), new DesktopIdle(source, false)];
  const answers = [0, 0, 7, 0].map((seconds) => {
    said = seconds;
    return [wayland.seconds(), other.seconds()];
  });
  expect(answers).toEqual([
    [undefined, 0],
    [undefined, 0],
    [7, 7],
    [0, 0],
  ]);
});

it("Wayland is told by the session, on Linux alone", () => {
  expect(isWayland("linux", { XDG_SESSION_TYPE: "wayland" })).toBe(true);
  expect(isWayland("linux", { WAYLAND_DISPLAY: "wayland-0" })).toBe(true);
  expect(isWayland("linux", { XDG_SESSION_TYPE: "x11" })).toBe(false);
  expect(isWayland("win32", { WAYLAND_DISPLAY: "wayland-0" })).toBe(false);
});

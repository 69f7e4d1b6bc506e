import { expect, it, vi } from "vitest";
import { missingBus, startBus } from "../freedesktop/bus.test-helper.ts";
import { hostedElectron } from "./hosted-electron.test-helper.ts";

const electron = hostedElectron();

it("is told on Linux by the desktop's locker, and not by Electron, which never tells it there", async ({ skip }) => {
  const missing = missingBus();
  if (missing !== undefined) skip(missing);
  const bus = await startBus();
  const services = await bus.services();
  const saver = "org.freedesktop.ScreenSaver";
  await services.step(`set ${saver} GetActive true`);
  await electron.host.quit();
  await electron.begin({ tray: true, platform: "linux", bus: bus.path });
  const locks: boolean[] = [];
  electron.host.onLockScreen((locked) => locks.push(locked));
  electron.fake.powerMonitor.emit("lock-screen");
  await services.step(`own ${saver}`);
  await vi.waitFor(() => expect(locks).toEqual([true]));
  await electron.host.quit();
  await services.step(`drop ${saver}`);
  await bus.stop();
  expect(locks).toEqual([true]);
});

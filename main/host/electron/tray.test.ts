import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { createWords } from "../../../shared/words/words.ts";
import { prevented } from "./fake-window.test-helper.ts";
import { hostedElectron } from "./hosted-electron.test-helper.ts";

const electron = hostedElectron();

describe("the tray", () => {
  it("is made on Linux only while the desktop shows it, since Electron makes it in any case", async () => {
    await electron.host.quit();
    await electron.begin({ tray: true, platform: "linux", trayHost: false });
    const { trays } = electron.fake;
    const window = await electron.open();
    const close = (): readonly unknown[] => [prevented(window, "close"), window.shown.at(-1), electron.quits];
    expect(trays.images).toEqual([]);
    expect(close()).toEqual([true, "hide", 1]);
    electron.showTrays(true);
    expect(trays).toEqual({ images: [join(electron.folder, "tray.png")], standing: 1 });
    expect(close()).toEqual([true, "hide", 1]);
    electron.showTrays(false);
    expect(trays.standing).toBe(0);
    expect(close()).toEqual([true, "hide", 2]);
    // A panel that starts again gets one of its own, as it stands now.
    electron.host.setBadge(3);
    electron.showTrays(true);
    expect(trays).toMatchObject({ images: { length: 2 }, standing: 1 });
    expect(electron.fake.trayTip()).toBe("(3) Hallway");
    electron.fake.press("Open Hallway");
    expect(window.shown.at(-1)).toBe("focus");
  });

  it("is not there where a Linux desktop cannot be asked", async () => {
    await electron.host.quit();
    await electron.begin({ tray: true, platform: "linux", trayHost: undefined, hidden: true });
    expect([electron.fake.trays.images, electron.host.startsHidden]).toEqual([[], false]);
  });

  it("has a program that the session has started wait for the panel, which starts beside it", async () => {
    await electron.host.quit();
    const begun = electron.begin({ tray: true, platform: "linux", trayHost: false, hidden: true });
    await vi.waitFor(() => {
      electron.showTrays(true);
      expect(electron.fake.trays.standing).toBe(1);
    });
    await begun;
    expect(electron.host.startsHidden).toBe(true);
  });

  it("asks nobody on macOS and Windows, and has a picture there that the menu bar colours", async () => {
    for (const [platform, name] of [
      ["win32", "tray.png"],
      ["darwin", "trayTemplate.png"],
    ] as const) {
      await electron.host.quit();
      await electron.begin({ tray: true, platform, trayHost: undefined });
      expect(electron.fake.trays.images).toEqual([join(electron.folder, name)]);
    }
  });

  it("speaks the language of the settings at once", async () => {
    await electron.host.quit();
    await electron.begin({ tray: true, platform: "win32" });
    electron.host.setBadge(1);
    const window = await electron.open();
    electron.host.speak?.(createWords("fr"));
    electron.fake.press("Ouvrir Hallway");
    expect(() => electron.fake.press("Open Hallway")).toThrow("offers no");
    expect(window.overlay?.description).toBe(createWords("fr").t("window.unread"));
    window.emit("unresponsive");
    expect(electron.fake.dialog.asked).toMatchObject([{ message: createWords("fr").t("window.hangs") }]);
  });
});

it("has a transparent picture for macOS, in single and in double size", async () => {
  for (const [name, size] of [
    ["trayTemplate.png", 16],
    ["trayTemplate@2x.png", 32],
  ] as const) {
    const png = await readFile(new URL(`../../../build/icons/${name}`, import.meta.url));
    // PNG (RFC 2083, section 4.1.1): width, height, bits of a channel, colours with alpha.
    expect([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]]).toEqual([size, size, 8, 6]);
  }
});

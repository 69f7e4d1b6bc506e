import { createFakeElectron } from "../../main/host/electron/fake-electron.test-helper.ts";

/**
 * Electron as a process of plain Node sees it in archive-hooks.test-helper.ts: the host's stand-in, and what the entry
 * of the program (main/main-electron.ts) asks for besides.
 */
export const fake = createFakeElectron({ tray: true });

const members = {
  isPackaged: true,
  commandLine: { hasSwitch: () => false, removeSwitch: () => undefined },
  enableSandbox: () => undefined,
  setPath: () => undefined,
  setAppUserModelId: () => undefined,
  setToastActivatorCLSID: () => undefined,
  requestSingleInstanceLock: () => true,
  whenReady: async () => undefined,
  exit: (code?: number) => process.exit(code),
};

export const app = Object.assign(fake.app, members);
export const { BrowserWindow, dialog, ipcMain, Menu, nativeImage, Notification } = fake.modules;
export const { powerMonitor, protocol, screen, session, shell, Tray } = fake.modules;

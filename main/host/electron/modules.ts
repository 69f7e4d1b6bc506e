import type * as electron from "electron";

/** The few modules of Electron that this host uses; handed in, so that tests hand in their own. */
export type ElectronModules = Pick<
  typeof electron,
  | "app"
  | "BrowserWindow"
  | "dialog"
  | "ipcMain"
  | "Menu"
  | "Notification"
  | "powerMonitor"
  | "protocol"
  | "session"
  | "shell"
  | "Tray"
>;

import { EventEmitter } from "node:events";
import type { BrowserWindowConstructorOptions } from "electron";
import type { ElectronModules } from "./modules.ts";

/**
 * A stand-in for the modules of Electron that the host uses, faithful where it matters: events can be prevented,
 * handlers answer through callbacks, a partition is one session, a closed window is destroyed, quitting asks
 * `before-quit` first.
 */

/** An event whose default can be prevented. */
export class FakeEvent {
  defaultPrevented = false;
  readonly details: object;

  constructor(details: object = {}) {
    this.details = details;
    Object.assign(this, details);
  }

  preventDefault(): void {
    this.defaultPrevented = true;
  }
}

/** Lets listeners prevent something; true: one did. */
export function prevented(emitter: EventEmitter, name: string, details: object = {}): boolean {
  const event = new FakeEvent(details);
  emitter.emit(name, event);
  return event.defaultPrevented;
}

type Handler = (...args: never[]) => unknown;

export class FakeSession extends EventEmitter {
  readonly served = new Map<string, (request: Request) => Response | Promise<Response>>();
  permissionRequest: Handler | undefined;
  permissionCheck: Handler | undefined;
  devicePermission: Handler | undefined;
  beforeRequest: ((details: { url: string }, answer: (response: { cancel: boolean }) => void) => void) | undefined;
  readonly protocol = {
    handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) =>
      void this.served.set(scheme, handler),
  };
  readonly webRequest = {
    onBeforeRequest: (listener: FakeSession["beforeRequest"]) => {
      this.beforeRequest = listener;
    },
  };

  /** Settings of proxies, in order. */
  readonly proxies: object[] = [];

  async setProxy(settings: object): Promise<void> {
    this.proxies.push(settings);
  }
  async resolveProxy(url: string): Promise<string> {
    return `PROXY ${new URL(url).hostname}:1`;
  }
  setPermissionRequestHandler(handler: Handler): void {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: Handler): void {
    this.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: Handler): void {
    this.devicePermission = handler;
  }
}

export class FakeContents extends EventEmitter {
  readonly mainFrame = { url: "" };
  readonly sent: unknown[][] = [];
  reloads = 0;
  openHandler: (() => { action: string }) | undefined;

  setWindowOpenHandler(handler: () => { action: string }): void {
    this.openHandler = handler;
  }
  send(...args: unknown[]): void {
    this.sent.push(args);
  }
  reload(): void {
    this.reloads++;
  }
}

export class FakeWindow extends EventEmitter {
  readonly webContents = new FakeContents();
  readonly options: BrowserWindowConstructorOptions;
  readonly shown: string[] = [];
  title = "";
  contentProtected = false;
  minimized = false;
  destroyed = false;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
  }

  async loadURL(url: string): Promise<void> {
    this.webContents.mainFrame.url = url;
  }
  show(): void {
    this.shown.push("show");
  }
  hide(): void {
    this.shown.push("hide");
  }
  focus(): void {
    this.shown.push("focus");
  }
  restore(): void {
    this.minimized = false;
    this.shown.push("restore");
  }
  isMinimized(): boolean {
    return this.minimized;
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  setContentProtection(on: boolean): void {
    this.contentProtected = on;
  }
  setTitle(title: string): void {
    this.title = title;
  }
  destroy(): void {
    this.destroyed = true;
    this.emit("closed");
  }
}

export class FakeNotification extends EventEmitter {
  static readonly all: FakeNotification[] = [];
  static isSupported = (): boolean => true;
  readonly options: object;
  state = "made";

  constructor(options: object) {
    super();
    this.options = options;
    FakeNotification.all.push(this);
  }

  show(): void {
    this.state = "shown";
  }
  close(): void {
    this.state = "closed";
    this.emit("close");
  }
}

export interface MenuItem {
  readonly label?: string;
  readonly role?: string;
  readonly click?: () => void;
}

export interface FakeElectron {
  readonly modules: ElectronModules;
  readonly app: EventEmitter & { badge: number; quits: number; loginItem: unknown };
  readonly session: FakeSession;
  /** Other sessions than the window's, by the name of their partition. */
  readonly sessions: ReadonlyMap<string, FakeSession>;
  readonly windows: FakeWindow[];
  readonly ipcMain: EventEmitter;
  readonly powerMonitor: EventEmitter;
  readonly opened: string[];
  readonly schemes: unknown[];
  readonly trayMenu: () => readonly MenuItem[];
  readonly trayTip: () => string;
}

export function createFakeElectron(options: { readonly tray: boolean }): FakeElectron {
  const windows: FakeWindow[] = [];
  const opened: string[] = [];
  const schemes: unknown[] = [];
  const sessions = new Map<string, FakeSession>();
  let trayMenu: readonly MenuItem[] = [];
  let trayTip = "";

  const app = Object.assign(new EventEmitter(), {
    badge: 0,
    quits: 0,
    quit(): void {
      if (prevented(app, "before-quit")) return;
      app.quits++;
    },
    loginItem: undefined as unknown,
    setLoginItemSettings(settings: unknown): void {
      app.loginItem = settings;
    },
    setBadgeCount(count: number): boolean {
      app.badge = count;
      return true;
    },
    getPreferredSystemLanguages: () => ["fr-FR", "en"],
    getLocale: () => "en-US",
  });
  const session = new FakeSession();
  sessions.set("hallway", session);

  class Window extends FakeWindow {
    constructor(made: BrowserWindowConstructorOptions) {
      super(made);
      windows.push(this);
      app.emit("web-contents-created", new FakeEvent(), this.webContents);
    }
  }

  class FakeTray extends EventEmitter {
    constructor(image: string) {
      super();
      if (!options.tray) throw new Error(`no tray for ${image}`);
    }
    setToolTip(text: string): void {
      trayTip = text;
    }
    setContextMenu(menu: readonly MenuItem[]): void {
      trayMenu = menu;
    }
    destroy(): void {
      trayMenu = [];
    }
  }

  const ipcMain = new EventEmitter();
  const powerMonitor = Object.assign(new EventEmitter(), { getSystemIdleTime: () => 42 });
  const modules = {
    app,
    BrowserWindow: Window,
    ipcMain,
    Menu: { setApplicationMenu: () => undefined, buildFromTemplate: (template: readonly MenuItem[]) => template },
    Notification: FakeNotification,
    powerMonitor,
    protocol: { registerSchemesAsPrivileged: (asked: unknown) => schemes.push(asked) },
    shell: {
      openExternal: async (url: string) => void opened.push(url),
      showItemInFolder: (path: string) => void opened.push(path),
    },
    dialog: {
      async showOpenDialog({ title }: { title: string }) {
        return title === "Where to?"
          ? { canceled: false, filePaths: ["/home/alice/Exports"] }
          : { canceled: true, filePaths: [] };
      },
    },
    session: {
      fromPartition(name: string) {
        const known = sessions.get(name) ?? new FakeSession();
        sessions.set(name, known);
        return known;
      },
    },
    Tray: FakeTray,
  };
  return {
    modules: modules as unknown as ElectronModules,
    app,
    session,
    sessions,
    windows,
    ipcMain,
    powerMonitor,
    opened,
    schemes,
    trayMenu: () => trayMenu,
    trayTip: () => trayTip,
  };
}

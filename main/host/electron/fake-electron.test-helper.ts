import { EventEmitter } from "node:events";
import type {
  BrowserWindowConstructorOptions,
  LoginItemSettings,
  MessageBoxOptions,
  Rectangle,
  Settings,
} from "electron";
import { FakeEvent, FakeWindow, prevented } from "./fake-window.test-helper.ts";
import type {
  ElectronMenu,
  ElectronMenuItem,
  ElectronModules,
  ElectronNotification,
  ElectronSession,
  ElectronTray,
} from "./modules.ts";

/**
 * A stand-in for the modules of Electron that the host uses, checked against what the host asks of Electron without a
 * cast (modules.ts). Faithful where it matters: events can be prevented, handlers answer through callbacks, a partition
 * is one session, a closed window is destroyed and throws when it is used, quitting asks `before-quit` first, a dialog
 * whose signal is aborted answers with its `cancelId`.
 */

export class FakeSession extends EventEmitter implements ElectronSession {
  readonly served = new Map<string, (request: Request) => Response | Promise<Response>>();
  permissionRequest: Parameters<ElectronSession["setPermissionRequestHandler"]>[0] | undefined;
  permissionCheck: Parameters<ElectronSession["setPermissionCheckHandler"]>[0] | undefined;
  devicePermission: (() => boolean) | undefined;
  beforeRequest: Parameters<ElectronSession["webRequest"]["onBeforeRequest"]>[0] | undefined;
  readonly protocol = {
    handle: (scheme: string, handler: (request: Request) => Response | Promise<Response>) =>
      void this.served.set(scheme, handler),
  };
  readonly webRequest = {
    onBeforeRequest: (listener: Parameters<ElectronSession["webRequest"]["onBeforeRequest"]>[0]) => {
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
  setPermissionRequestHandler(handler: NonNullable<FakeSession["permissionRequest"]>): void {
    this.permissionRequest = handler;
  }
  setPermissionCheckHandler(handler: NonNullable<FakeSession["permissionCheck"]>): void {
    this.permissionCheck = handler;
  }
  setDevicePermissionHandler(handler: NonNullable<FakeSession["devicePermission"]>): void {
    this.devicePermission = handler;
  }
}

export class FakeNotification extends EventEmitter implements ElectronNotification {
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
    this.emit("close", new FakeEvent());
  }
}

/** A menu with the items that it was made of. */
export interface FakeMenu extends ElectronMenu {
  readonly items: readonly ElectronMenuItem[];
}

export class FakeApp extends EventEmitter {
  badge = 0;
  quits = 0;
  readonly exits: (number | undefined)[] = [];
  /** The system's own list, as the person may have changed it. */
  loginItem: LoginItemSettings = {
    openAtLogin: false,
    wasOpenedAtLogin: false,
    status: "not-registered",
    executableWillLaunchAtLogin: false,
    launchItems: [],
  };
  readonly loginItemSettings: Settings[] = [];
  /** Names of the programs that open links, by their scheme. */
  readonly handlers = new Map<string, string>();

  getApplicationNameForProtocol(url: string): string {
    return this.handlers.get(url.slice(0, url.indexOf(":"))) ?? "";
  }
  setAsDefaultProtocolClient(scheme: string): boolean {
    this.handlers.set(scheme, "Hallway");
    return true;
  }
  quit(): void {
    if (!prevented(this, "before-quit")) this.quits++;
  }
  exit(code?: number): void {
    this.exits.push(code);
  }
  getLoginItemSettings(): LoginItemSettings {
    return this.loginItem;
  }
  setLoginItemSettings(settings: Settings): void {
    this.loginItemSettings.push(settings);
  }
  setBadgeCount(count = 0): boolean {
    this.badge = count;
    return true;
  }
  getPreferredSystemLanguages(): string[] {
    return ["fr-FR", "en"];
  }
  getLocale(): string {
    return "en-US";
  }
}

/** Messages that were shown, and what the person answers next. */
export class FakeDialog {
  readonly errors: string[] = [];
  readonly asked: MessageBoxOptions[] = [];
  #answer: ((response: number) => void) | undefined;

  showErrorBox(_title: string, content: string): void {
    this.errors.push(content);
  }
  showMessageBox(options: MessageBoxOptions): Promise<{ readonly response: number }> {
    this.asked.push(options);
    const { promise, resolve } = Promise.withResolvers<{ readonly response: number }>();
    this.#answer = (response) => resolve({ response });
    options.signal?.addEventListener("abort", () => resolve({ response: options.cancelId ?? 0 }));
    return promise;
  }
  async showOpenDialog({ title }: { readonly title?: string }): Promise<{ canceled: boolean; filePaths: string[] }> {
    return title === "Where to?"
      ? { canceled: false, filePaths: ["/home/alice/Exports"] }
      : { canceled: true, filePaths: [] };
  }
  /** Presses the button at this place. */
  answer(button: number): void {
    this.#answer?.(button);
  }
}

class FakePower extends EventEmitter {
  getSystemIdleTime(): number {
    return 42;
  }
}

export interface FakeElectron {
  readonly modules: ElectronModules;
  readonly app: FakeApp;
  readonly dialog: FakeDialog;
  readonly session: FakeSession;
  /** Other sessions than the window's, by the name of their partition. */
  readonly sessions: ReadonlyMap<string, FakeSession>;
  readonly windows: FakeWindow[];
  /** Happens to each window before anything is asked of it. */
  onWindow: (window: FakeWindow) => void;
  /** Work areas of the displays. */
  areas: readonly Rectangle[];
  readonly ipcMain: EventEmitter;
  readonly powerMonitor: EventEmitter;
  readonly opened: string[];
  readonly schemes: unknown[];
  /** Chooses from the tray's menu. */
  press(label: string): void;
  readonly trayTip: () => string;
  /** Pictures of the trays that were made, and how many of them stand. */
  readonly trays: { readonly images: readonly string[]; readonly standing: number };
}

export function createFakeElectron(options: { readonly tray: boolean }): FakeElectron {
  const windows: FakeWindow[] = [];
  const opened: string[] = [];
  const schemes: unknown[] = [];
  const sessions = new Map<string, FakeSession>([["hallway", new FakeSession()]]);
  const app = new FakeApp();
  const dialog = new FakeDialog();
  const ipcMain = new EventEmitter();
  const powerMonitor = new FakePower();
  let trayItems: readonly ElectronMenuItem[] = [];
  let trayTip = "";
  const trays = { images: [] as string[], standing: 0 };

  class Window extends FakeWindow {
    constructor(made: BrowserWindowConstructorOptions) {
      super(made);
      windows.push(this);
      fake.onWindow(this);
      app.emit("web-contents-created", new FakeEvent(), this.webContents);
    }
  }

  class FakeTray extends EventEmitter implements ElectronTray {
    constructor(image: string) {
      super();
      if (!options.tray) throw new Error(`no tray for ${image}`);
      trays.images.push(image);
      trays.standing++;
    }
    setToolTip(text: string): void {
      trayTip = text;
    }
    setContextMenu(menu: FakeMenu | null): void {
      trayItems = menu?.items ?? [];
    }
    destroy(): void {
      trayItems = [];
      trays.standing--;
    }
  }

  const fake: FakeElectron = {
    modules: {
      app,
      BrowserWindow: Window,
      dialog,
      ipcMain,
      Menu: {
        setApplicationMenu: () => undefined,
        buildFromTemplate: (items): FakeMenu => ({ items, popup: () => undefined }),
      },
      nativeImage: { createFromPath: () => ({ isEmpty: () => false }) },
      Notification: FakeNotification,
      powerMonitor,
      protocol: { registerSchemesAsPrivileged: (asked) => void schemes.push(asked) },
      screen: { getAllDisplays: () => fake.areas.map((workArea) => ({ workArea })) },
      session: {
        fromPartition(name) {
          const known = sessions.get(name) ?? new FakeSession();
          sessions.set(name, known);
          return known;
        },
      },
      shell: {
        openExternal: async (url) => void opened.push(url),
        showItemInFolder: (path) => void opened.push(path),
      },
      Tray: FakeTray,
    },
    app,
    dialog,
    get session() {
      return sessions.get("hallway") ?? new FakeSession();
    },
    sessions,
    windows,
    onWindow: () => undefined,
    areas: [{ x: 0, y: 0, width: 1920, height: 1040 }],
    ipcMain,
    powerMonitor,
    opened,
    schemes,
    press(label) {
      const item = trayItems.find((each) => each.label === label);
      if (item?.click === undefined) throw new Error(`the tray offers no ${label}`);
      item.click();
    },
    trayTip: () => trayTip,
    trays,
  };
  return fake;
}

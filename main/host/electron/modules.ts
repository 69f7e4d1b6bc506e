import type {
  BrowserWindowConstructorOptions,
  CustomScheme,
  LoginItemSettings,
  MessageBoxOptions,
  NotificationCloseEventParams,
  NotificationConstructorOptions,
  OpenDialogOptions,
  OpenDialogReturnValue,
  ProxyConfig,
  Rectangle,
  Settings,
} from "electron";

/**
 * The few members of Electron that this host uses, as narrow as it uses them. `main-electron.ts` hands in Electron
 * itself, so its own declarations must fit these; tests hand in a stand-in that must fit them too, without a cast.
 */
export interface ElectronModules {
  readonly app: ElectronApp;
  readonly BrowserWindow: new (options: BrowserWindowConstructorOptions) => ElectronWindow;
  readonly dialog: {
    showErrorBox(title: string, content: string): void;
    showMessageBox(options: MessageBoxOptions): Promise<{ readonly response: number }>;
    showOpenDialog(options: OpenDialogOptions): Promise<OpenDialogReturnValue>;
  };
  readonly ipcMain: ElectronIpc;
  readonly Menu: {
    buildFromTemplate(template: ElectronMenuItem[]): ElectronMenu;
    setApplicationMenu(menu: ElectronMenu | null): void;
  };
  readonly nativeImage: { createFromPath(path: string): ElectronImage };
  readonly Notification: {
    new (options: NotificationConstructorOptions): ElectronNotification;
    isSupported(): boolean;
  };
  readonly powerMonitor: {
    on(event: "resume", listener: () => void): unknown;
    /** macOS and Windows. */
    on(event: "lock-screen" | "unlock-screen", listener: () => void): unknown;
    getSystemIdleTime(): number;
  };
  readonly protocol: { registerSchemesAsPrivileged(schemes: CustomScheme[]): void };
  readonly screen: { getAllDisplays(): readonly { readonly workArea: Rectangle }[] };
  readonly session: { fromPartition(partition: string): ElectronSession };
  readonly shell: { openExternal(url: string): Promise<void>; showItemInFolder(path: string): void };
  readonly Tray: new (image: string) => ElectronTray;
}

/** An event whose default can be prevented. */
export interface PreventableEvent {
  preventDefault(): void;
}

export interface ElectronApp {
  on(event: "activate" | "window-all-closed", listener: () => void): unknown;
  on(event: "second-instance", listener: (event: PreventableEvent, argv: string[]) => void): unknown;
  /** macOS. */
  on(event: "open-url", listener: (event: PreventableEvent, url: string) => void): unknown;
  on(event: "before-quit", listener: (event: PreventableEvent) => void): unknown;
  on(event: "web-contents-created", listener: (event: PreventableEvent, contents: ElectronContents) => void): unknown;
  quit(): void;
  exit(code?: number): void;
  getLocale(): string;
  getPreferredSystemLanguages(): string[];
  setBadgeCount(count?: number): boolean;
  /** Empty: no program opens such links. */
  getApplicationNameForProtocol(url: string): string;
  setAsDefaultProtocolClient(scheme: string): boolean;
  /** macOS and Windows. */
  getLoginItemSettings(options?: {
    readonly args?: string[];
  }): Pick<LoginItemSettings, "openAtLogin" | "wasOpenedAtLogin" | "status" | "launchItems">;
  /** macOS and Windows. */
  setLoginItemSettings(settings: Settings): void;
}

export interface ElectronWindow {
  readonly webContents: ElectronContents;
  on(event: "close" | "page-title-updated", listener: (event: PreventableEvent) => void): unknown;
  on(event: "closed" | "resize" | "move" | "unresponsive" | "responsive", listener: () => void): unknown;
  /** Windows. */
  on(event: "query-session-end" | "session-end", listener: (event: PreventableEvent) => void): unknown;
  once(event: "leave-full-screen", listener: () => void): unknown;
  loadURL(url: string): Promise<void>;
  show(): void;
  hide(): void;
  focus(): void;
  restore(): void;
  maximize(): void;
  isMaximized(): boolean;
  isMinimized(): boolean;
  isFullScreen(): boolean;
  setFullScreen(on: boolean): void;
  isDestroyed(): boolean;
  destroy(): void;
  getNormalBounds(): Rectangle;
  setTitle(title: string): void;
  /** Windows and macOS. */
  setContentProtection(on: boolean): void;
  /** Windows. */
  setOverlayIcon(overlay: ElectronImage | null, description: string): void;
}

export interface ElectronFrame {
  readonly url: string;
}

export interface ElectronContents {
  readonly mainFrame: ElectronFrame;
  on(event: "render-process-gone", listener: () => void): unknown;
  on(
    event: "will-navigate" | "will-frame-navigate" | "will-redirect",
    listener: (details: PreventableEvent & { readonly url: string }) => void,
  ): unknown;
  on(event: "will-attach-webview", listener: (event: PreventableEvent) => void): unknown;
  send(channel: string, ...args: unknown[]): void;
  reload(): void;
  forcefullyCrashRenderer(): void;
  setWindowOpenHandler(handler: () => { readonly action: "deny" }): void;
}

export interface ElectronSession {
  readonly protocol: {
    handle(scheme: string, handler: (request: Request) => Response | Promise<Response>): void;
  };
  readonly webRequest: {
    onBeforeRequest(
      listener: (details: { readonly url: string }, answer: (response: { readonly cancel: boolean }) => void) => void,
    ): void;
  };
  on(event: "will-download", listener: (event: PreventableEvent) => void): unknown;
  setProxy(config: ProxyConfig): Promise<void>;
  resolveProxy(url: string): Promise<string>;
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, answer: (granted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: (contents: unknown, permission: string) => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
}

export interface ElectronIpc {
  on(channel: string, listener: (event: ElectronCall, ...args: unknown[]) => void): unknown;
  removeListener(channel: string, listener: (event: ElectronCall, ...args: unknown[]) => void): unknown;
}

/** Sender of a message of the page; null: it is gone. */
export interface ElectronCall {
  readonly senderFrame: ElectronFrame | null;
}

export interface ElectronNotification {
  on(event: "click" | "failed", listener: () => void): unknown;
  on(event: "close", listener: (details: NotificationCloseEventParams) => void): unknown;
  show(): void;
  close(): void;
}

export interface ElectronTray {
  on(event: "click", listener: () => void): unknown;
  setToolTip(text: string): void;
  setContextMenu(menu: ElectronMenu | null): void;
  destroy(): void;
}

export interface ElectronMenuItem {
  readonly label?: string;
  readonly role?: "appMenu" | "editMenu" | "windowMenu";
  readonly click?: () => void;
}

export interface ElectronMenu {
  popup(): void;
}

export interface ElectronImage {
  isEmpty(): boolean;
}

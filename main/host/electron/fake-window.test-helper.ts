import { EventEmitter } from "node:events";
import type { BrowserWindowConstructorOptions, Rectangle } from "electron";
import type { ElectronContents, ElectronImage, ElectronWindow } from "./modules.ts";

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

export class FakeContents extends EventEmitter implements ElectronContents {
  readonly mainFrame = { url: "" };
  readonly sent: unknown[][] = [];
  reloads = 0;
  openHandler: (() => { action: string }) | undefined;

  setWindowOpenHandler(handler: () => { readonly action: "deny" }): void {
    this.openHandler = handler;
  }
  send(...args: unknown[]): void {
    this.sent.push(args);
  }
  reload(): void {
    this.reloads++;
  }
  forcefullyCrashRenderer(): void {
    this.emit("render-process-gone", new FakeEvent(), { reason: "killed" });
  }
}

export class FakeWindow extends EventEmitter implements ElectronWindow {
  readonly #contents = new FakeContents();
  readonly options: BrowserWindowConstructorOptions;
  readonly shown: string[] = [];
  title = "";
  overlay: { readonly image: ElectronImage | null; readonly description: string } | undefined;
  bounds: Rectangle;
  contentProtected = false;
  minimized = false;
  maximized = false;
  fullScreen = false;
  destroyed = false;
  /** Why the page cannot be loaded. */
  failure: Error | undefined;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
    const { x = 50, y = 50, width = 800, height = 600 } = options;
    this.bounds = { x, y, width, height };
  }

  get webContents(): FakeContents {
    return this.#whole().#contents;
  }

  async loadURL(url: string): Promise<void> {
    if (this.failure !== undefined) throw this.failure;
    this.webContents.mainFrame.url = url;
  }
  show(): void {
    this.#whole().shown.push("show");
  }
  hide(): void {
    this.#whole().shown.push("hide");
  }
  focus(): void {
    this.#whole().shown.push("focus");
  }
  restore(): void {
    this.#whole().minimized = false;
    this.shown.push("restore");
  }
  maximize(): void {
    this.#whole().maximized = true;
  }
  isMaximized(): boolean {
    return this.#whole().maximized;
  }
  isMinimized(): boolean {
    return this.#whole().minimized;
  }
  isFullScreen(): boolean {
    return this.#whole().fullScreen;
  }
  /** Takes its time, as macOS does: the event comes later. */
  setFullScreen(on: boolean): void {
    this.#whole().fullScreen = on;
    if (!on) queueMicrotask(() => this.emit("leave-full-screen"));
  }
  isDestroyed(): boolean {
    return this.destroyed;
  }
  getNormalBounds(): Rectangle {
    return this.#whole().bounds;
  }
  setContentProtection(on: boolean): void {
    this.#whole().contentProtected = on;
  }
  setTitle(title: string): void {
    this.#whole().title = title;
  }
  setOverlayIcon(image: ElectronImage | null, description: string): void {
    this.#whole().overlay = { image, description };
  }
  destroy(): void {
    this.destroyed = true;
    this.emit("closed");
  }

  #whole(): this {
    if (this.destroyed) throw new TypeError("Object has been destroyed");
    return this;
  }
}

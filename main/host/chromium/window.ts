import type { Call } from "../../../shared/ipc/transport.ts";
import type { Log } from "../../networks/log.ts";
import { maxCallLength, parseCall } from "../call.ts";
import type { Pages } from "../pages.ts";
import { Batcher } from "./batcher.ts";
import { bindingName, bridgeScript, type Delivery, deliverName, type PageReport } from "./bridge.ts";
import { blankPage } from "./flags.ts";
import { OwnContexts } from "./own-contexts.ts";
import { type CdpEvent, type CdpParams, type CdpPipe, isRecord } from "./pipe.ts";
import { handleRequest, pageOrigin } from "./request-answer.ts";

/** A page that fell over is loaded again, at most this often within a minute. */
const maxReloads = 3;

export interface WindowOptions {
  readonly pages: Pages;
  readonly log: Log;
  readonly onCall: (call: Call) => void;
  readonly onReport: (report: PageReport) => void;
  readonly onClosed: () => void;
}

/** The one page of ours in the browser. */
export interface Window {
  /** Takes events of the pipe. */
  handle(event: CdpEvent): void;
  /** Finds the blank page that the browser was started with, makes it ours and loads the real one. */
  open(): Promise<void>;
  deliver(delivery: Delivery): void;
  collectGarbage(): void;
  /** Whether the page may put text on the clipboard by itself. */
  mayCopy(allowed: boolean): void;
  /** In front of the others, also when it was minimised. */
  show(): Promise<void>;
}

export function createChromiumWindow(pipe: CdpPipe, options: WindowOptions): Window {
  return new ChromiumWindow(pipe, options);
}

/**
 *   starting -> (blank page found) attached -> (first load) shown -> closed
 *
 * Any other page, popup or developer tools window that appears is closed at once.
 */
class ChromiumWindow implements Window {
  readonly #pipe: CdpPipe;
  readonly #options: WindowOptions;
  readonly #log: Log;
  readonly #contexts = new OwnContexts();
  readonly #outbox: Batcher;
  readonly #found = Promise.withResolvers<string>();
  readonly #loaded = Promise.withResolvers<void>();
  #targetId: string | undefined;
  #sessionId: string | undefined;
  #closed = false;
  #reloads: number[] = [];

  constructor(pipe: CdpPipe, options: WindowOptions) {
    this.#pipe = pipe;
    this.#options = options;
    this.#log = options.log;
    this.#found.promise.catch(() => undefined);
    this.#loaded.promise.catch(() => undefined);
    this.#outbox = new Batcher((batch) => this.#transmit(batch));
  }

  handle(event: CdpEvent): void {
    const request = handleRequest(this.#pipe, this.#options.pages, event);
    if (request === "refused") this.#log.debug("a request of the window was refused");
    if (request !== undefined) return;
    const { method, params } = event;
    if (event.sessionId !== undefined) {
      if (event.sessionId === this.#sessionId) this.#onPageEvent(method, params);
    } else if (method === "Target.targetCreated" || method === "Target.targetInfoChanged") {
      if (isRecord(params["targetInfo"])) this.#onTarget(params["targetInfo"]);
    } else if (method === "Target.targetDestroyed") this.#onGone(params["targetId"]);
  }

  async open(): Promise<void> {
    const pipe = this.#pipe;
    await pipe.send("Fetch.enable", { patterns: [{ urlPattern: "*" }] });
    await pipe.send("Browser.setDownloadBehavior", { behavior: "deny" });
    // Grants these and refuses all others to our origin; foreign origins never load.
    await pipe.send("Browser.grantPermissions", {
      origin: pageOrigin,
      permissions: ["notifications", "idleDetection", "clipboardSanitizedWrite"],
    });
    await pipe.send("Target.setDiscoverTargets", { discover: true });
    const targetId = await this.#found.promise;
    const attached = await pipe.send("Target.attachToTarget", { targetId, flatten: true });
    this.#sessionId = String(attached["sessionId"]);
    await this.#command("Page.enable");
    const tree = await this.#command("Page.getFrameTree");
    const frame = isRecord(tree["frameTree"]) && isRecord(tree["frameTree"]["frame"]) ? tree["frameTree"]["frame"] : {};
    this.#contexts.mainFrame = String(frame["id"]);
    await this.#command("Inspector.enable");
    await this.#command("Runtime.enable");
    await this.#command("Runtime.addBinding", { name: bindingName });
    const source = bridgeScript(pageOrigin, maxCallLength);
    await this.#command("Page.addScriptToEvaluateOnNewDocument", { source });
    await this.#command("Page.navigate", { url: `${pageOrigin}/` });
    await this.#loaded.promise;
  }

  deliver(delivery: Delivery): void {
    if (this.#contexts.isAny) this.#outbox.push(delivery);
  }

  collectGarbage(): void {
    this.#attempt("HeapProfiler.collectGarbage", {}, this.#sessionId);
  }

  mayCopy(allowed: boolean): void {
    const permission = { name: "clipboard-write", allowWithoutSanitization: false };
    const setting = allowed ? "granted" : "denied";
    this.#attempt("Browser.setPermission", { origin: pageOrigin, permission, setting });
  }

  async show(): Promise<void> {
    const { windowId, bounds } = await this.#pipe.send("Browser.getWindowForTarget", { targetId: this.#targetId });
    if (isRecord(bounds) && bounds["windowState"] === "minimized") {
      await this.#pipe.send("Browser.setWindowBounds", { windowId, bounds: { windowState: "normal" } });
    }
    await this.#command("Page.bringToFront");
  }

  /** To the page. */
  #command(method: string, params: CdpParams = {}): Promise<CdpParams> {
    return this.#pipe.send(method, params, this.#sessionId);
  }

  /** Without waiting for what comes of it. */
  #attempt(method: string, params: CdpParams, session?: string): void {
    this.#pipe.send(method, params, session).catch(() => undefined);
  }

  async #transmit(batch: string): Promise<void> {
    const context = this.#contexts.newest;
    if (context === undefined) return;
    await this.#command("Runtime.callFunctionOn", {
      functionDeclaration: `function (batch) { ${deliverName}(batch); }`,
      arguments: [{ value: batch }],
      uniqueContextId: context,
      silent: true,
    });
  }

  #onTarget(info: CdpParams): void {
    const id = info["targetId"];
    if (typeof id !== "string" || id === this.#targetId) return;
    const type = info["type"];
    const url = String(info["url"]);
    if (this.#targetId === undefined && type === "page" && url === blankPage) {
      this.#targetId = id;
      this.#found.resolve(id);
    } else if (type === "page" || url.startsWith("devtools:")) {
      if (this.#targetId !== undefined) this.#log.warn("a second window was refused", { type });
      this.#attempt("Target.closeTarget", { targetId: id });
    }
  }

  #onGone(gone: unknown): void {
    if (this.#closed || gone === undefined || gone !== this.#targetId) return;
    this.#closed = true;
    this.#contexts.clear();
    this.#options.onClosed();
  }

  #onPageEvent(method: string, params: CdpParams): void {
    if (method === "Runtime.bindingCalled") this.#onBinding(params);
    else if (method === "Runtime.executionContextCreated" && isRecord(params["context"]))
      this.#contexts.add(params["context"]);
    else if (method === "Runtime.executionContextDestroyed") this.#contexts.delete(params["executionContextId"]);
    else if (method === "Runtime.executionContextsCleared") {
      this.#contexts.clear();
      this.#outbox.clear();
    } else if (method === "Page.frameNavigated" && isRecord(params["frame"])) this.#onNavigated(params["frame"]);
    else if (method === "Page.loadEventFired" && this.#contexts.isAny) this.#loaded.resolve();
    else if (method === "Page.javascriptDialogOpening")
      this.#attempt("Page.handleJavaScriptDialog", { accept: false }, this.#sessionId);
    else if (method === "Inspector.targetCrashed") this.#onCrash();
    else if (method === "Runtime.exceptionThrown")
      this.#log.warn("the window's page threw an error", exceptionPlace(params));
  }

  #onBinding(params: CdpParams): void {
    const { executionContextId, name, payload } = params;
    if (name !== bindingName || typeof payload !== "string") return;
    if (!this.#contexts.has(executionContextId)) {
      this.#log.warn("a call from something that is not our page was refused");
      return;
    }
    if (payload.length > maxCallLength + 1) {
      this.#log.warn("a call was too large and was refused", { length: payload.length });
    } else if (payload.startsWith("C")) {
      const call = parseCall(payload.slice(1));
      if (call === undefined) this.#log.warn("a call that is none was refused");
      else this.#options.onCall(call);
    } else {
      const report = parseReport(payload.slice(1));
      if (report !== undefined) this.#options.onReport(report);
    }
  }

  #onNavigated(frame: CdpParams): void {
    if (frame["id"] !== this.#contexts.mainFrame || frame["parentId"] !== undefined) return;
    const url = String(frame["url"]);
    if (url.startsWith(`${pageOrigin}/`)) return;
    this.#log.warn("the window was led to a foreign page and brought back");
    this.#load();
  }

  #onCrash(): void {
    const now = Date.now();
    this.#reloads = [...this.#reloads.filter((at) => now - at < 60_000), now];
    this.#log.warn("the window's page fell over", { times: this.#reloads.length });
    if (this.#reloads.length > maxReloads) this.#attempt("Target.closeTarget", { targetId: this.#targetId });
    else this.#load();
  }

  #load(): void {
    this.#attempt("Page.navigate", { url: `${pageOrigin}/` }, this.#sessionId);
  }
}

/** Where an error was thrown, never what it says: that may hold what somebody wrote. */
function exceptionPlace(params: CdpParams): Record<string, unknown> {
  const details = isRecord(params["exceptionDetails"]) ? params["exceptionDetails"] : {};
  const exception = isRecord(details["exception"]) ? details["exception"] : {};
  return {
    kind: exception["className"],
    url: details["url"],
    line: details["lineNumber"],
    column: details["columnNumber"],
  };
}

function parseReport(text: string): PageReport | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  const { kind, number, idle, locked } = value;
  if (kind === "notification-click" && typeof number === "number") return { kind, number };
  if (kind === "idle" && typeof idle === "boolean" && typeof locked === "boolean") return { kind, idle, locked };
  return undefined;
}

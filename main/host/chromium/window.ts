import type { Call } from "../../../shared/ipc/transport.ts";
import type { Log } from "../../networks/log.ts";
import { maxCallLength, parseCall } from "../call.ts";
import type { Pages } from "../pages.ts";
import { createBatcher } from "./batcher.ts";
import { bindingName, bridgeScript, type Delivery, deliverName, type PageReport } from "./bridge.ts";
import { blankPage } from "./flags.ts";
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

/**
 *   starting -> (blank page found) attached -> (first load) shown -> closed
 *
 * Any other page, popup or developer tools window that appears is closed at once.
 */
export function createChromiumWindow(pipe: CdpPipe, options: WindowOptions): Window {
  const { pages, log } = options;
  let targetId: string | undefined;
  let sessionId: string | undefined;
  let closed = false;
  /** Execution contexts of our own page: id -> unique id. Only these may call. */
  const ownContexts = new Map<number, string>();
  let mainFrame: string | undefined;
  let reloads: number[] = [];
  const found = Promise.withResolvers<string>();
  const loaded = Promise.withResolvers<void>();
  found.promise.catch(() => undefined);
  loaded.promise.catch(() => undefined);

  const command = (method: string, params: CdpParams = {}): Promise<CdpParams> => pipe.send(method, params, sessionId);
  const attempt = (method: string, params: CdpParams = {}, session?: string): void => {
    pipe.send(method, params, session).catch(() => undefined);
  };

  const outbox = createBatcher(async (batch) => {
    const context = [...ownContexts.values()].at(-1);
    if (context === undefined) return;
    await command("Runtime.callFunctionOn", {
      functionDeclaration: `function (batch) { ${deliverName}(batch); }`,
      arguments: [{ value: batch }],
      uniqueContextId: context,
      silent: true,
    });
  });

  function onTarget(info: CdpParams): void {
    const id = info["targetId"];
    if (typeof id !== "string" || id === targetId) return;
    const type = info["type"];
    const url = String(info["url"]);
    if (targetId === undefined && type === "page" && url === blankPage) {
      targetId = id;
      found.resolve(id);
    } else if (type === "page" || url.startsWith("devtools:")) {
      if (targetId !== undefined) log.warn("a second window was refused", { type });
      attempt("Target.closeTarget", { targetId: id });
    }
  }

  function onGone(gone: unknown): void {
    if (closed || gone === undefined || gone !== targetId) return;
    closed = true;
    ownContexts.clear();
    options.onClosed();
  }

  function onContext(context: CdpParams): void {
    const about = isRecord(context["auxData"]) ? context["auxData"] : {};
    const { id, uniqueId, origin } = context;
    if (typeof id !== "number" || typeof uniqueId !== "string") return;
    if (origin === pageOrigin && about["isDefault"] === true && about["frameId"] === mainFrame)
      ownContexts.set(id, uniqueId);
  }

  function onBinding(params: CdpParams): void {
    const { executionContextId, name, payload } = params;
    if (name !== bindingName || typeof payload !== "string") return;
    if (typeof executionContextId !== "number" || !ownContexts.has(executionContextId)) {
      log.warn("a call from something that is not our page was refused");
      return;
    }
    if (payload.length > maxCallLength + 1) {
      log.warn("a call was too large and was refused", { length: payload.length });
    } else if (payload.startsWith("C")) {
      const call = parseCall(payload.slice(1));
      if (call === undefined) log.warn("a call that is none was refused");
      else options.onCall(call);
    } else {
      const report = parseReport(payload.slice(1));
      if (report !== undefined) options.onReport(report);
    }
  }

  function onNavigated(frame: CdpParams): void {
    if (frame["id"] !== mainFrame || frame["parentId"] !== undefined) return;
    const url = String(frame["url"]);
    if (url.startsWith(`${pageOrigin}/`)) return;
    log.warn("the window was led to a foreign page and brought back");
    attempt("Page.navigate", { url: `${pageOrigin}/` }, sessionId);
  }

  function onCrash(): void {
    const now = Date.now();
    reloads = [...reloads.filter((at) => now - at < 60_000), now];
    log.warn("the window's page fell over", { times: reloads.length });
    if (reloads.length > maxReloads) attempt("Target.closeTarget", { targetId });
    else attempt("Page.navigate", { url: `${pageOrigin}/` }, sessionId);
  }

  function onPageEvent(method: string, params: CdpParams): void {
    if (method === "Runtime.bindingCalled") onBinding(params);
    else if (method === "Runtime.executionContextCreated" && isRecord(params["context"])) onContext(params["context"]);
    else if (method === "Runtime.executionContextDestroyed") ownContexts.delete(Number(params["executionContextId"]));
    else if (method === "Runtime.executionContextsCleared") {
      ownContexts.clear();
      outbox.clear();
    } else if (method === "Page.frameNavigated" && isRecord(params["frame"])) onNavigated(params["frame"]);
    else if (method === "Page.loadEventFired" && ownContexts.size > 0) loaded.resolve();
    else if (method === "Page.javascriptDialogOpening")
      attempt("Page.handleJavaScriptDialog", { accept: false }, sessionId);
    else if (method === "Inspector.targetCrashed") onCrash();
    else if (method === "Runtime.exceptionThrown") log.warn("the window's page threw an error", exceptionPlace(params));
  }

  return {
    handle(event) {
      if (handleRequest(pipe, pages, event, (what) => log.debug(what))) return;
      if (event.sessionId !== undefined) {
        if (event.sessionId === sessionId) onPageEvent(event.method, event.params);
      } else if (event.method === "Target.targetCreated" || event.method === "Target.targetInfoChanged") {
        if (isRecord(event.params["targetInfo"])) onTarget(event.params["targetInfo"]);
      } else if (event.method === "Target.targetDestroyed") onGone(event.params["targetId"]);
    },

    async open() {
      await pipe.send("Fetch.enable", { patterns: [{ urlPattern: "*" }] });
      await pipe.send("Browser.setDownloadBehavior", { behavior: "deny" });
      // Grants these and refuses all others to our origin; foreign origins never load.
      await pipe.send("Browser.grantPermissions", {
        origin: pageOrigin,
        permissions: ["notifications", "idleDetection", "clipboardSanitizedWrite"],
      });
      await pipe.send("Target.setDiscoverTargets", { discover: true });
      const attached = await pipe.send("Target.attachToTarget", { targetId: await found.promise, flatten: true });
      sessionId = String(attached["sessionId"]);
      await command("Page.enable");
      const tree = await command("Page.getFrameTree");
      const frame =
        isRecord(tree["frameTree"]) && isRecord(tree["frameTree"]["frame"]) ? tree["frameTree"]["frame"] : {};
      mainFrame = String(frame["id"]);
      await command("Inspector.enable");
      await command("Runtime.enable");
      await command("Runtime.addBinding", { name: bindingName });
      await command("Page.addScriptToEvaluateOnNewDocument", { source: bridgeScript(pageOrigin, maxCallLength) });
      await command("Page.navigate", { url: `${pageOrigin}/` });
      await loaded.promise;
    },

    deliver(delivery) {
      if (ownContexts.size > 0) outbox.push(delivery);
    },

    collectGarbage: () => attempt("HeapProfiler.collectGarbage", {}, sessionId),

    mayCopy(allowed) {
      const permission = { name: "clipboard-write", allowWithoutSanitization: false };
      attempt("Browser.setPermission", { origin: pageOrigin, permission, setting: allowed ? "granted" : "denied" });
    },

    async show() {
      const { windowId, bounds } = await pipe.send("Browser.getWindowForTarget", { targetId });
      if (isRecord(bounds) && bounds["windowState"] === "minimized") {
        await pipe.send("Browser.setWindowBounds", { windowId, bounds: { windowState: "normal" } });
      }
      await command("Page.bringToFront");
    },
  };
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

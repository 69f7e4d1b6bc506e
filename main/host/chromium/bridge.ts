/**
 * Script that is put into our page before any of its own: `globalThis.hallway` (shared/ipc/transport.ts
 * RendererTransport) over the browser's binding, and the few things that the host needs from the page (notifications,
 * idle, title). Over the binding go texts: `C` + a call as JSON, or `H` + a PageReport as JSON. The other way the host
 * calls the deliver function with a JSON array of Delivery.
 */

export const bindingName = "__hallwayBinding";
export const deliverName = "__hallwayDeliver";

/** Seconds without input after which the page reports "idle": the least that the Idle Detection API allows. */
export const idleThreshold = 60;

export type Delivery =
  | { readonly kind: "message"; readonly message: unknown }
  | { readonly kind: "title"; readonly title: string; readonly badge: number }
  | { readonly kind: "close-notification"; readonly tag: string }
  | { readonly kind: "clear-notifications" }
  | {
      readonly kind: "notify";
      readonly number: number;
      readonly tag: string;
      readonly title: string;
      readonly body: string;
      readonly silent: boolean;
    };

export type PageReport =
  | { readonly kind: "notification-click"; readonly number: number }
  | { readonly kind: "idle"; readonly idle: boolean; readonly locked: boolean };

/** The text of the script. `maxCallLength` in UTF-16 units of JSON. */
export function bridgeScript(origin: string, maxCallLength: number): string {
  return `(${installBridge.toString()})(globalThis, ${JSON.stringify({ origin, maxCallLength, bindingName, deliverName, idleThreshold })});`;
}

/** The little of the page's world that the bridge touches; main is compiled without the DOM's types on purpose. */
interface PageWorld {
  readonly location: { readonly origin: string };
  readonly top: unknown;
  readonly document: { title: string; hasFocus(): boolean };
  readonly navigator: { setAppBadge?(count: number): Promise<void>; clearAppBadge?(): Promise<void> };
  readonly Notification?: new (title: string, options: object) => PageNotification;
  readonly IdleDetector?: new () => {
    readonly userState: string | null;
    readonly screenState: string | null;
    addEventListener(name: "change", listener: () => void): void;
    start(options: { threshold: number }): Promise<void>;
  };
  focus(): void;
  addEventListener(name: string, listener: (event: PageEvent) => void, capture: boolean): void;
}

interface PageNotification {
  onclick: (() => void) | null;
  onclose: (() => void) | null;
  close(): void;
}

interface PageEvent {
  readonly key?: string;
  readonly ctrlKey?: boolean;
  readonly metaKey?: boolean;
  readonly shiftKey?: boolean;
  readonly altKey?: boolean;
  preventDefault(): void;
}

interface BridgeNames {
  readonly origin: string;
  readonly maxCallLength: number;
  readonly bindingName: string;
  readonly deliverName: string;
  readonly idleThreshold: number;
}

/** Runs in the page; its text is injected, so it must not use anything from outside itself. */
function installBridge(world: PageWorld, names: BridgeNames): void {
  const globals = world as unknown as Record<string, unknown>;
  const binding = globals[names.bindingName];
  delete globals[names.bindingName];
  if (world.location.origin !== names.origin || world.top !== world || typeof binding !== "function") return;

  const listeners = new Set<(message: unknown) => void>();
  const tell = (message: unknown): void => {
    for (const listener of [...listeners]) {
      try {
        listener(message);
      } catch (error) {
        // One listener's fault must not keep the others from their message.
        setTimeout(() => {
          throw error;
        });
      }
    }
  };
  const report = (message: PageReport): void => {
    binding(`H${JSON.stringify(message)}`);
  };

  const transport = Object.freeze({
    post(message: { readonly id?: unknown }): void {
      const text = JSON.stringify(message);
      if (text.length <= names.maxCallLength) binding(`C${text}`);
      else setTimeout(() => tell({ kind: "reply", id: message.id, ok: false, error: { code: "too-large" } }));
    },
    listen(listener: (message: unknown) => void): () => void {
      const own = (message: unknown): void => listener(message);
      listeners.add(own);
      return () => listeners.delete(own);
    },
  });
  Object.defineProperty(globals, "hallway", { value: transport });

  /** By tag; the same tag replaces. */
  const shown = new Map<string, PageNotification>();
  const notify = (delivery: Delivery & { readonly kind: "notify" }): void => {
    if (world.Notification === undefined) return;
    const { title, body, tag, silent } = delivery;
    const notification = new world.Notification(title, { body, tag, silent, renotify: !silent, icon: "/icon.png" });
    shown.set(tag, notification);
    notification.onclose = () => {
      if (shown.get(tag) === notification) shown.delete(tag);
    };
    notification.onclick = () => {
      notification.close();
      world.focus();
      report({ kind: "notification-click", number: delivery.number });
    };
  };
  const setTitle = (title: string, badge: number): void => {
    world.document.title = title;
    // Only installed pages have a badge; the title carries the number everywhere.
    const set = badge > 0 ? world.navigator.setAppBadge?.(badge) : world.navigator.clearAppBadge?.();
    set?.catch(() => undefined);
  };
  const deliver = (text: string): void => {
    for (const delivery of JSON.parse(text) as readonly Delivery[]) {
      if (delivery.kind === "message") tell(delivery.message);
      else if (delivery.kind === "title") setTitle(delivery.title, delivery.badge);
      else if (delivery.kind === "notify") notify(delivery);
      else if (delivery.kind === "close-notification") shown.get(delivery.tag)?.close();
      else for (const notification of shown.values()) notification.close();
    }
  };
  Object.defineProperty(globals, names.deliverName, { value: deliver });

  // No second window and no developer tools, and a dropped file is not an address to go to. The host refuses all of it
  // again outside the page; here it is kept from flickering.
  Object.defineProperty(globals, "open", { value: () => null });
  world.addEventListener(
    "keydown",
    (event) => {
      const key = event.key?.toLowerCase() ?? "";
      const tools =
        (event.ctrlKey === true && event.shiftKey === true) || (event.metaKey === true && event.altKey === true);
      const source = event.ctrlKey === true && event.shiftKey !== true && key === "u";
      if (key === "f12" || source || (tools && ["i", "j", "c"].includes(key))) event.preventDefault();
    },
    true,
  );
  for (const name of ["dragover", "drop"]) world.addEventListener(name, (event) => event.preventDefault(), false);

  if (world.IdleDetector === undefined) return;
  const detector = new world.IdleDetector();
  detector.addEventListener("change", () =>
    report({ kind: "idle", idle: detector.userState === "idle", locked: detector.screenState === "locked" }),
  );
  detector.start({ threshold: names.idleThreshold * 1000 }).catch(() => undefined);
}

import type { ErrorInfo } from "../errors.ts";
import type { ConversationId } from "../model/conversation-id.ts";
import type { Update } from "./updates.ts";

/** Transport that the preload exposes to the renderer, and nothing else. Messages are JSON values. */
export interface RendererTransport {
  post(message: Call): void;
  /** Returns a disposer. */
  listen(listener: (message: Reply | UpdateMessage | CommandMessage) => void): () => void;
}

/** Renderer to main: one request. `id` grows by one per call in a window. */
export interface Call {
  readonly id: number;
  readonly method: string;
  readonly args: unknown;
}

/** Main to renderer: the answer to a call. */
export type Reply =
  | { readonly kind: "reply"; readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly kind: "reply"; readonly id: number; readonly ok: false; readonly error: ErrorInfo };

export interface UpdateMessage {
  readonly kind: "update";
  readonly update: Update;
}

/** Main to renderer: something the desktop asked for (a click on a notification, the tray, a link). */
export interface CommandMessage {
  readonly kind: "command";
  readonly command:
    | { readonly name: "open-conversation"; readonly conversationId: ConversationId; readonly messageId?: string }
    | { readonly name: "open-settings" }
    /** Fills in the dialog of a new chat; `error`: the link that asked for it cannot be opened. */
    | { readonly name: "new-chat"; readonly address?: string; readonly text?: string; readonly error?: ErrorInfo };
}

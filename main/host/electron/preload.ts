import { contextBridge, ipcRenderer } from "electron";
import type { RendererTransport } from "../../../shared/ipc/transport.ts";
import { maxCallLength } from "../call.ts";
import { callChannel, messageChannel } from "./channels.ts";

/** All that the page gets: post and listen (shared/ipc/transport.ts). No module, no channel name, no event object. */
const transport: RendererTransport = {
  post(message) {
    const text = JSON.stringify(message);
    if (text.length <= maxCallLength) ipcRenderer.send(callChannel, text);
    else tell({ kind: "reply", id: message.id, ok: false, error: { code: "too-large" } });
  },
  listen(listener) {
    const own: Listener = (message) => listener(message);
    listeners.add(own);
    return () => listeners.delete(own);
  },
};

type Listener = Parameters<RendererTransport["listen"]>[0];

const listeners = new Set<Listener>();

function tell(message: Parameters<Listener>[0]): void {
  for (const listener of [...listeners]) listener(message);
}

ipcRenderer.on(messageChannel, (_event, message: Parameters<Listener>[0]) => tell(message));
contextBridge.exposeInMainWorld("hallway", transport);

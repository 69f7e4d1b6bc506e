import { render } from "preact";
import type { RendererTransport } from "../shared/ipc/transport.ts";
import { createApp } from "./app.ts";
import { Window } from "./frame/window.tsx";
import { AppProvider } from "./state/app-context.ts";
import "./styles/main.css";

declare global {
  /** Transport that the preload (Electron) or the host's script (Chromium) puts there before this runs. */
  var hallway: RendererTransport | undefined;
}

const root = document.getElementById("app");
if (globalThis.hallway !== undefined && root !== null) {
  render(
    <AppProvider value={createApp(globalThis.hallway, navigator.language)}>
      <Window />
    </AppProvider>,
    root,
  );
}

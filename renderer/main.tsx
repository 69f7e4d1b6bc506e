import { signal } from "@preact/signals";
import { render } from "preact";
import type { RendererTransport } from "../shared/ipc/transport.ts";
import { createConversation } from "./conversation/model.ts";
import { createConversationPool } from "./conversation/pool.ts";
import { hasAttention } from "./frame/use-attention.ts";
import { Window } from "./frame/window.tsx";
import { createClient } from "./ipc/client.ts";
import { createRosterModel } from "./roster/model.ts";
import { createActions } from "./state/actions.ts";
import { type AppParts, AppProvider } from "./state/app-context.ts";
import { createReplica, scheduleFrame } from "./state/replica.ts";
import { createUi } from "./state/ui.ts";
import { newUuid } from "./state/uuid.ts";
import { createWindowWords } from "./state/words.ts";
import "./styles/main.css";

declare global {
  /** What the preload (Electron) or the host's script (Chromium) puts there before this runs. */
  var hallway: RendererTransport | undefined;
}

/** Times in words move on twice a minute. */
const tick = 30_000;

function mount(transport: RendererTransport, root: Element): void {
  const client = createClient(transport);
  const replica = createReplica({ client, schedule: scheduleFrame, elapsed: () => performance.now() });
  const words = createWindowWords(replica, navigator.language);
  const ui = createUi();
  const roster = createRosterModel({ replica, ui, words });
  const listed = () => roster.rows.peek().flatMap((row) => (row.kind === "contact" ? [row.id] : []));
  const actions = createActions({ ui, replica, listed });
  const conversations = createConversationPool((id) => createConversation({ id, client, replica, attentive: hasAttention, newId: newUuid, now: Date.now }));
  const clock = signal(Date.now());
  setInterval(() => {
    clock.value = Date.now();
  }, tick);

  client.onCommand((command) => {
    if (command.name === "open-conversation") actions.openConversation(command.conversationId, command.messageId);
    else actions.show("settings");
  });
  const parts: AppParts = { client, replica, words, ui, actions, roster, conversations, clock };
  render(
    <AppProvider value={parts}>
      <Window />
    </AppProvider>,
    root,
  );
  replica.start();
}

const root = document.getElementById("app");
if (globalThis.hallway !== undefined && root !== null) mount(globalThis.hallway, root);

import { signal } from "@preact/signals";
import type { RendererTransport } from "../shared/ipc/transport.ts";
import { Conversation } from "./conversation/model.ts";
import { ConversationPool } from "./conversation/pool.ts";
import { hasAttention } from "./frame/use-attention.ts";
import { createClient } from "./ipc/client.ts";
import { createRosterModel } from "./roster/model.ts";
import { Actions } from "./state/actions.ts";
import type { AppParts } from "./state/app-context.ts";
import { LinkDialogs } from "./state/link-dialogs.ts";
import { Replica } from "./state/replica.ts";
import { scheduleFrame } from "./state/schedule-frame.ts";
import { tellTimeZone, timeZoneNow } from "./state/time-zone.ts";
import { TypingWatch } from "./state/typing-watch.ts";
import { createUi } from "./state/ui.ts";
import { newUuid } from "./state/uuid.ts";
import { KeptWindow } from "./state/window-state.ts";
import { createWindowWords } from "./state/words.ts";

/** Times in words move on twice a minute, in milliseconds. */
const tick = 30_000;

/** Makes every part of the window over a transport, begins to follow main, and hands them out with a disposer. */
export function createApp(transport: RendererTransport, locale: string): AppParts & { dispose(): void } {
  const client = createClient(transport);
  const replica = new Replica({ client, schedule: scheduleFrame, elapsed: () => performance.now() });
  const zone = signal(timeZoneNow());
  const words = createWindowWords(replica, locale, zone);
  const ui = createUi();
  const roster = createRosterModel({ client, replica, ui, words });
  const actions = new Actions({ client, ui, words, replica });
  const kept = new KeptWindow({ client, replica, ui });
  const conversations = new ConversationPool(
    (id) =>
      new Conversation({
        id,
        client,
        replica,
        zone,
        place: kept.placeOf(id),
        attentive: hasAttention,
        newId: newUuid,
        now: Date.now,
      }),
    replica,
  );
  const typing = new TypingWatch(window, () => performance.now());
  const links = new LinkDialogs({ ui, typing });
  const clock = signal(Date.now());
  const tell = (): void => {
    clock.value = Date.now();
    zone.value = timeZoneNow();
  };
  const timer = setInterval(tell, tick);
  // Whoever comes back to the window, after a journey or a sleep, does not wait for the next tick.
  addEventListener("focus", tell);
  const stopZone = tellTimeZone(zone, client);
  const stopCommands = client.onCommand((command) => {
    if (command.name === "open-conversation") actions.openConversation(command.conversationId, command.messageId);
    else if (command.name === "new-chat") links.show(command);
    else actions.show("settings");
  });
  replica.start();
  return {
    client,
    replica,
    words,
    ui,
    actions,
    roster,
    conversations,
    typing,
    clock,
    dispose() {
      clearInterval(timer);
      removeEventListener("focus", tell);
      stopCommands();
      stopZone();
      links.dispose();
      typing.dispose();
      conversations.dispose();
      kept.dispose();
      roster.dispose();
      replica.dispose();
      client.dispose();
    },
  };
}

import type { ReadonlySignal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Words } from "../../shared/words/words.ts";
import type { ConversationPool } from "../conversation/pool.ts";
import type { Client } from "../ipc/client.ts";
import type { RosterModel } from "../roster/model.ts";
import type { Actions } from "./actions.ts";
import type { Replica } from "./replica.ts";
import type { TypingWatch } from "./typing-watch.ts";
import type { Ui } from "./ui.ts";

/** Everything that a part of the window may need, made in main.tsx and handed down. */
export interface AppParts {
  readonly client: Client;
  readonly replica: Replica;
  readonly words: ReadonlySignal<Words>;
  readonly ui: Ui;
  readonly actions: Actions;
  readonly roster: RosterModel;
  readonly conversations: ConversationPool;
  readonly typing: TypingWatch;
  /** Now, in milliseconds since the epoch; moves twice a minute, for times in words. */
  readonly clock: ReadonlySignal<number>;
}

const AppContext = createContext<AppParts | undefined>(undefined);
export const AppProvider = AppContext.Provider;

export function useApp(): AppParts {
  const parts = useContext(AppContext);
  if (parts === undefined) throw new Error("Drawn outside AppProvider");
  return parts;
}

/** The words of the window; whoever calls this is drawn again when the language changes. */
export function useWords(): Words {
  return useApp().words.value;
}

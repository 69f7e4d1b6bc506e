import * as v from "valibot";
import { contactOf } from "../../shared/model/conversation-contact.ts";
import { type WindowState, WindowStateSchema } from "../../shared/model/window-state.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { Profile } from "../profile/profile.ts";
import type { Tables } from "./tables.ts";

const key = "window";

/** How the window was left. Nothing is kept of people who are gone. */
export class WindowPlaces {
  readonly #profile: Profile;
  readonly #tables: Tables;

  constructor({ profile, tables }: { readonly profile: Profile; readonly tables: Tables }) {
    this.#profile = profile;
    this.#tables = tables;
  }

  /** Undefined: none is kept, or it cannot be read. */
  async load(): Promise<WindowState | undefined> {
    const kept = v.safeParse(WindowStateSchema, parseJson(await this.#profile.get("app", key)));
    return kept.success ? kept.output : undefined;
  }

  async save(state: WindowState): Promise<void> {
    const places = state.places.filter(
      ({ conversationId }) =>
        contactOf(conversationId, (contact) => this.#tables.get("contacts", contact)) !== undefined,
    );
    await this.#profile.put([{ namespace: "app", key, value: JSON.stringify({ ...state, places }) }]);
  }
}

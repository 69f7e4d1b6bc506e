import * as v from "valibot";
import { WindowStateSchema } from "../../../shared/model/window-state.ts";
import { parseJson } from "../../../shared/parse-json.ts";
import type { Profile } from "../../profile/profile.ts";
import type { Tables } from "../../store/tables.ts";
import type { Handlers } from "../dispatch.ts";

const key = "window";

/** Requests about how the window was left. Nothing is kept of people who are gone. */
export function windowStateHandlers(
  parts: () => { readonly profile: Profile; readonly tables: Tables },
): Pick<Handlers, "app.windowState" | "app.keepWindowState"> {
  return {
    async "app.windowState"() {
      const kept = v.safeParse(WindowStateSchema, parseJson(await parts().profile.get("app", key)));
      return kept.success ? { state: kept.output } : {};
    },
    async "app.keepWindowState"({ state }) {
      const { profile, tables } = parts();
      const places = state.places.filter(({ conversationId }) => tables.get("contacts", conversationId) !== undefined);
      await profile.put([{ namespace: "app", key, value: JSON.stringify({ ...state, places }) }]);
      return {};
    },
  };
}

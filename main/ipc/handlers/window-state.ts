import type { WindowPlaces } from "../../store/window-places.ts";
import type { Handlers } from "../dispatch.ts";

export interface WindowServices {
  readonly windowPlaces: WindowPlaces;
}

/** Requests about how the window was left. */
export function windowStateHandlers(
  services: () => WindowServices,
): Pick<Handlers, "app.windowState" | "app.keepWindowState"> {
  return {
    async "app.windowState"() {
      const state = await services().windowPlaces.load();
      return state ? { state } : {};
    },
    async "app.keepWindowState"({ state }) {
      await services().windowPlaces.save(state);
      return {};
    },
  };
}

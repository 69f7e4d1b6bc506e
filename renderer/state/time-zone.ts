import { effect, type ReadonlySignal } from "@preact/signals";
import type { Client } from "../ipc/client.ts";

/**
 * Name and offset of the time zone that the computer is in now: another text when anything that is shown of times is
 * another.
 */
export function timeZoneNow(): string {
  return `${Intl.DateTimeFormat().resolvedOptions().timeZone} ${new Date().getTimezoneOffset()}`;
}

/** Says the time zone to main, which hears of none from the system: now and whenever it changes. Returns a disposer. */
export function tellTimeZone(zone: ReadonlySignal<string>, client: Pick<Client, "request">): () => void {
  return effect(() => {
    const [name = ""] = zone.value.split(" ");
    client.request("app.timeZone", { zone: name }).catch(() => undefined);
  });
}

import type { OwnPresence } from "../../shared/model/presence.ts";
import type { Host } from "../host/host.ts";

/** Idle is told after 5 minutes, Away after 10, at once when the screen locks. */
export const idleAfter = 300;
export const awayAfter = 600;
const pollEvery = 30_000;

/** Presence that others see: the person's choice, with idle time and Away added while they are not there. */
export function announced(
  chosen: OwnPresence,
  { idleSeconds, locked }: { readonly idleSeconds: number | undefined; readonly locked: boolean },
  now: number,
): OwnPresence {
  if (chosen.availability === "offline") return chosen;
  const idle = idleSeconds ?? 0;
  if (!locked && idle < idleAfter) return chosen;
  const idleSince = now - idle * 1000;
  // Automatic never overrides what the person set: only plain Available becomes Away.
  const availability =
    chosen.availability === "available" && (locked || idle >= awayAfter) ? "away" : chosen.availability;
  return { ...chosen, availability, idleSince };
}

/** Watches the desktop and says when what others should see may have changed. Returns a disposer. */
export function watchIdle(
  host: Host,
  now: () => number,
  onChange: (apply: (chosen: OwnPresence) => OwnPresence) => void,
): () => void {
  let locked = false;
  let idle: number | undefined;
  let phase = "here";
  let since = 0;

  function update(): void {
    const next = locked ? "locked" : (idle ?? 0) >= awayAfter ? "away" : (idle ?? 0) >= idleAfter ? "idle" : "here";
    if (next === phase) return;
    // The start of an absence is fixed once, so that it does not move with every poll.
    if (phase === "here") since = now() - (idle ?? 0) * 1000;
    phase = next;
    onChange((chosen) => {
      const idleSeconds = phase === "locked" ? (now() - since) / 1000 : idle;
      return phase === "here" ? chosen : announced(chosen, { idleSeconds, locked }, now());
    });
  }

  const timer = setInterval(() => {
    void host.idleSeconds().then(
      (seconds) => {
        idle = seconds;
        update();
      },
      () => undefined,
    );
  }, pollEvery);
  timer.unref();
  const unlisten = host.onLockScreen((isLocked) => {
    locked = isLocked;
    if (!isLocked) idle = 0;
    update();
  });
  return () => {
    clearInterval(timer);
    unlisten();
  };
}

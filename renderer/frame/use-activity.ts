import { useEffect } from "preact/hooks";
import { useApp } from "../state/app-context.ts";

/** How often main is told that somebody uses the window, at most, in milliseconds. */
const every = 10_000;
const signs = ["keydown", "pointerdown", "pointermove", "wheel"] as const;

/** Tells main that somebody is here, for the lock after minutes without input. */
export function useActivity(): void {
  const { client } = useApp();
  useEffect(() => {
    let last = Number.NEGATIVE_INFINITY;
    const tell = (): void => {
      if (performance.now() - last < every) return;
      last = performance.now();
      client.request("app.activity", {}).catch(() => undefined);
    };
    for (const sign of signs) window.addEventListener(sign, tell, { capture: true, passive: true });
    return () => {
      for (const sign of signs) window.removeEventListener(sign, tell, { capture: true });
    };
  }, [client]);
}

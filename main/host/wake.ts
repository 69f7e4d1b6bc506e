import { networkInterfaces } from "node:os";

/** How often is looked, and by how many milliseconds the wall clock must have run ahead to count as sleep. */
const interval = 5_000;
const sleepGap = 10_000;

export interface WakeSources {
  /** Wall clock and monotonic clock, milliseconds. */
  readonly now: () => number;
  readonly monotonic: () => number;
  /** One text that changes with the machine's network addresses. */
  readonly networks: () => string;
}

export const systemWakeSources: WakeSources = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  networks: describeNetworks,
};

/** Addresses that matter for connections: not loopback, not link-local (they come and go). */
function describeNetworks(): string {
  const lines: string[] = [];
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    for (const a of addresses ?? [])
      if (!a.internal && !a.address.startsWith("fe80:")) lines.push(`${name} ${a.address}`);
  }
  return lines.sort().join("\n");
}

/**
 * Tells when the machine woke from sleep (the wall clock ran ahead of the monotonic one, or the timer came far too
 * late) or its network addresses changed. A false alarm only causes a check of the connections. Returns the disposer.
 */
export function watchWake(listener: () => void, sources: WakeSources = systemWakeSources): () => void {
  let networks = sources.networks();
  let wall = sources.now();
  let steady = sources.monotonic();
  const timer = setInterval(() => {
    const wallGap = sources.now() - wall;
    const steadyGap = sources.monotonic() - steady;
    wall += wallGap;
    steady += steadyGap;
    const current = sources.networks();
    const woke = wallGap - steadyGap > sleepGap || steadyGap > interval + sleepGap;
    if (!woke && current === networks) return;
    networks = current;
    listener();
  }, interval);
  timer.unref();
  return () => clearInterval(timer);
}

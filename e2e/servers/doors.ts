import { type Proxy, startProxy } from "./proxy.ts";

/** Address that a server sees where a door is to be what a NAT is: another one than the client's own. */
export const behindNat = "127.0.0.9";

/** The ways in to one server that can be cut, and which are closed with it. */
export interface Doors {
  /** Opens one to this port; `from`: the loopback address that the server sees. */
  open(port: number, from?: string): Promise<Proxy>;
  close(): Promise<void>;
}

export function createDoors(): Doors {
  const all = new Set<Proxy>();
  return {
    async open(port, from) {
      const door = await startProxy(port, from);
      all.add(door);
      return door;
    },
    async close() {
      await Promise.all([...all].map((door) => door.close()));
    },
  };
}

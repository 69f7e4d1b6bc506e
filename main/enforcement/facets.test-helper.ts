import { type Mock, vi } from "vitest";
import type { DirectoryEntry } from "../networks/facets/directory.ts";
import type { Facets } from "../networks/facets/facets.ts";
import type { Connection } from "../networks/network.ts";

/** People whom the directory of `wholeConnection` finds. */
export const found: readonly DirectoryEntry[] = ["good@inside.test", "any@outside.test", "bad@inside.test"].map(
  (address) => ({ address, name: undefined }),
);

/** A facet with all its methods, each of which notes how it was called. */
type Noting<Facet> = {
  readonly [Key in keyof Required<Facet>]: NonNullable<Facet[Key]> extends (...args: never[]) => unknown
    ? Mock<NonNullable<Facet[Key]>>
    : NonNullable<Facet[Key]>;
};
type WholeConnection = { readonly [F in keyof Required<Facets>]: Noting<NonNullable<Facets[F]>> } & Noting<
  Omit<Connection, keyof Facets>
>;

/** A connection that has every facet with every method. */
export function wholeConnection(): WholeConnection {
  return {
    messages: { send: vi.fn(), correct: vi.fn(), retract: vi.fn(), sendTyping: vi.fn(), sendReceipt: vi.fn() },
    contacts: { add: vi.fn(), update: vi.fn(), ask: vi.fn(), remove: vi.fn(), accept: vi.fn(), decline: vi.fn() },
    presence: { set: vi.fn() },
    blocking: { everyDevice: true, block: vi.fn(), unblock: vi.fn() },
    archive: { catchUp: vi.fn(), markAt: vi.fn(() => "mark") },
    rooms: { join: vi.fn(), leave: vi.fn() },
    files: { maxBytes: 1000, send: vi.fn() },
    keys: { publish: vi.fn(), fetch: vi.fn(async () => new Uint8Array([1])) },
    directory: { search: vi.fn(async () => found) },
    connect: vi.fn(async () => ({
      resumed: false,
      security: undefined,
      endpoint: { host: "h", port: 1, transport: "tls" as const },
    })),
    disconnect: vi.fn(),
    close: vi.fn(),
    check: vi.fn(),
    allowWeaker: vi.fn(),
  };
}

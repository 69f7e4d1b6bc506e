import type { ArchiveMark, ArchivePage } from "../facets/archive.ts";
import { patience, type TestClient } from "./client.ts";

/** Contents of a server archive: bodies of messages, and how many changes of them. */
interface Archived {
  readonly bodies: readonly string[];
  readonly changes: number;
}

/**
 * Reads an account's archive from a mark on. To be polled: a server may deliver a message some moments before its
 * archive tells of it, as ejabberd does when it is busy.
 */
export async function archived({ connection }: TestClient, since?: ArchiveMark): Promise<Archived> {
  const bodies: string[] = [];
  let changes = 0;
  const take = async ({ messages, changes: changed }: ArchivePage): Promise<void> => {
    bodies.push(...messages.map(({ body }) => body));
    changes += changed.length;
  };
  await connection.archive?.catchUp(since, take, AbortSignal.timeout(patience));
  return { bodies, changes };
}

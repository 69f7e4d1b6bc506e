import type { NetworkDescription } from "../../shared/model/network.ts";
import type { TablesWriter } from "./tables.ts";

/** Publishes which networks there are, before anything of theirs. */
export function publishNetworks(
  tables: TablesWriter,
  networks: Iterable<{ readonly description: NetworkDescription }>,
): void {
  for (const { description } of networks) tables.put("networks", description);
}

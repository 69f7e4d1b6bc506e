import { dirname, join } from "node:path/posix";

/** A dependency of one room on another, with a file that has it. */
export interface RoomEdge {
  readonly from: string;
  readonly to: string;
  readonly file: string;
}

/** Folders whose folders are rooms of their own. */
const divided = /^main\/(networks\/(?:xmpp|simple)|host\/(?:chromium|electron))\//;

/** The room that a file of main is in, by its path below main; undefined: it is in none. */
function roomOf(path: string): string | undefined {
  return (divided.exec(path) ?? /^main\/([^/]+)\//.exec(path))?.[1];
}

export interface FileImports {
  readonly path: string;
  readonly imports: readonly string[];
}

/** Dependencies between the rooms of main, each once. */
export function roomEdges(files: readonly FileImports[]): readonly RoomEdge[] {
  const edges = new Map<string, RoomEdge>();
  for (const { path, imports } of files) {
    const from = roomOf(path);
    if (from === undefined) continue;
    for (const specifier of imports) {
      if (!specifier.startsWith(".")) continue;
      const to = roomOf(join(dirname(path), specifier));
      if (to !== undefined && to !== from && !edges.has(`${from} ${to}`))
        edges.set(`${from} ${to}`, { from, to, file: path });
    }
  }
  return [...edges.values()].sort((a, b) => (`${a.from} ${a.to}` < `${b.from} ${b.to}` ? -1 : 1));
}

/** Dependencies that run against the order of the layers (lowest first), and those of rooms without a layer. */
export function backwards(edges: readonly RoomEdge[], layers: readonly string[]): readonly RoomEdge[] {
  const level = new Map(layers.map((room, at) => [room, at]));
  return edges.filter(({ from, to }) => (level.get(from) ?? -1) <= (level.get(to) ?? -1));
}

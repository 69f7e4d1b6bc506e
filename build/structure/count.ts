import { closures, layers, longFiles, maxFileLines, maxFunctionLines, maxLineWidth, maxParameters } from "./limits.ts";
import { backwards, roomEdges } from "./rooms.ts";
import { readSources, type Source } from "./sources.ts";
import { readSyntax, type Syntax } from "./syntax.ts";

/** One number of the structure, with the places that make it up. */
export interface Count {
  readonly name: string;
  readonly title: string;
  readonly places: readonly string[];
}

interface Read extends Source {
  readonly syntax: Syntax;
}

/** Entry points of main. */
const entries: ReadonlySet<string> = new Set(["main/main.ts", "main/main-electron.ts"]);
/**
 * One instance of the program asks another on the same computer to come to the front, and the desktop is asked over its
 * message bus: no network is involved.
 */
const localSockets: ReadonlySet<string> = new Set(["main/host/freedesktop/message-bus.ts", "main/instance/knock.ts"]);

/** The numbers that can be read from the sources of a checkout. Test code counts only for its lines and docstrings. */
export async function countStructure(checkout: string): Promise<readonly Count[]> {
  const sources = await readSources(checkout);
  const read: readonly Read[] = sources
    .filter(({ isTest }) => !isTest)
    .map((source) => ({ ...source, syntax: readSyntax(source) }));
  const product = read.filter(({ path }) => /^(shared|main|renderer)\//.test(path));
  const tooLong = read.filter((file) => linesOf(file).length > maxFileLines);
  const edges = roomEdges(product.map(({ path, syntax }) => ({ path, imports: syntax.imports })));
  return [
    {
      name: "edges",
      title: "dependencies between folders of main",
      places: edges.map(({ from, to }) => `${from} -> ${to}`),
    },
    {
      name: "backwards",
      title: "of these, backwards",
      places: backwards(edges, layers).map(({ from, to, file }) => `${from} -> ${to} (${file})`),
    },
    {
      name: "long-files",
      title: `files over ${maxFileLines} lines`,
      places: tooLong.map((file) => `${file.path} (${linesOf(file).length})`),
    },
    {
      name: "unexplained-files",
      title: "of these, without a reason in build/structure/limits.ts",
      places: tooLong.map(({ path }) => path).filter((path) => !(path in longFiles)),
    },
    {
      name: "long-functions",
      title: `functions over ${maxFunctionLines} lines`,
      places: product.flatMap(({ path, syntax }) =>
        syntax.functions
          .filter(({ lines }) => lines > maxFunctionLines)
          .map(({ line, lines }) => `${path}:${line} (${lines})`),
      ),
    },
    {
      name: "many-parameters",
      title: `functions of more than ${maxParameters} positional parameters`,
      places: product.flatMap(({ path, syntax }) =>
        syntax.functions
          .filter(({ parameters }) => parameters > maxParameters)
          .map(({ line, parameters }) => `${path}:${line} (${parameters})`),
      ),
    },
    {
      name: "closures",
      title: "functions that hand out a closure over mutable state",
      places: product.flatMap(({ path, syntax }) => syntax.closures.map((line) => `${path}:${line}`)),
    },
    {
      name: "unexplained-closures",
      title: "of these, without a reason in build/structure/limits.ts",
      places: product
        .filter(({ path }) => !(path in closures))
        .flatMap(({ path, syntax }) => syntax.closures.map((line) => `${path}:${line}`)),
    },
    {
      name: "loose-entries",
      title: "files directly in main that are no entry point",
      places: product.map(({ path }) => path).filter((path) => /^main\/[^/]+$/.test(path) && !entries.has(path)),
    },
    {
      name: "id-parsers",
      title: "files that parse an id",
      places: product
        .filter(({ syntax }) => syntax.parsedIds.length > 0)
        .map(({ path, syntax }) => at(path, syntax.parsedIds)),
    },
    {
      name: "id-readers",
      title: "files that read the place of a conversation out of its id",
      places: product
        .filter(({ text }) => /import [^;]*\bplaceOf\b[^;]*conversation-id\.ts"/.test(text))
        .map(({ path }) => path),
    },
    {
      name: "socket-openers",
      title: "files that open sockets",
      places: product
        .filter(({ path, syntax }) => syntax.sockets.length > 0 && !localSockets.has(path))
        .map(({ path, syntax }) => at(path, syntax.sockets)),
    },
    {
      name: "wide-lines",
      title: `lines over ${maxLineWidth}`,
      places: sources.flatMap((file) =>
        linesOf(file).flatMap((line, index) => (line.length > maxLineWidth ? [`${file.path}:${index + 1}`] : [])),
      ),
    },
    {
      name: "riddles",
      title: "docstrings that do not begin with the noun they document",
      places: sources.flatMap((file) => riddles(file).map((line) => `${file.path}:${line}`)),
    },
  ];
}

/** Lines of the docstrings that begin with a question word instead of a noun: "What became of it". */
function riddles({ text }: Source): readonly number[] {
  const found = text.matchAll(/\/\*\*[\s*]+(?:What|Who|Whoever|Sees to)\b/g);
  return [...found].map(({ index }) => text.slice(0, index).split("\n").length);
}

const linesOf = ({ text }: Source): readonly string[] => text.replace(/\n$/, "").split("\n");
const at = (path: string, lines: readonly number[]): string => `${path}:${[...new Set(lines)].join(",")}`;

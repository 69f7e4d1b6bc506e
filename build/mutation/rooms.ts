import { dirname } from "node:path/posix";

/** Sources that are mutated in one go, because the same tests are to notice their faults. */
export interface Room {
  readonly name: string;
  readonly files: readonly string[];
  /** Globs of these tests. */
  readonly tests: readonly string[];
}

/** Tests that stand elsewhere and notice faults of a room, beside its own. */
export const testedElsewhere: Readonly<Record<string, readonly string[]>> = {
  "main/accounts": ["main/app/*"],
  "main/database": ["main/history/**/*", "main/profile/*"],
  "main/ipc": ["main/app/*"],
  "main/lock": ["main/enforcement/lock", "main/app/*"],
  "main/messaging": ["main/app/*"],
  "main/settings": ["main/cli/policy*"],
  "main/store": ["main/messaging/*", "main/app/*"],
  "main/networks/revocation": ["main/networks/*"],
  "main/networks/proxy": ["main/networks/*"],
};

/** Tests of the rooms that have none of their own. */
export const testedOnlyElsewhere: Readonly<Record<string, readonly string[]>> = {
  main: ["main/cli/command-line"],
  "main/networks/facets": ["main/networks/*"],
  "shared/ipc": ["main/ipc/*"],
  "shared/links": ["shared/*", "main/guard/*", "renderer/conversation/linkify"],
};

/** Whether a file is mutated: sources of the program, not what serves tests. */
export function isMutated(file: string): boolean {
  if (!/^(main|shared|renderer|build\/mutation)\/.*\.tsx?$/.test(file)) return false;
  return !/\.(test|conf|test-helper)\.tsx?$|\.d\.ts$|^renderer\/dev\/|^main\/networks\/conformance|\/testing\//.test(
    file,
  );
}

/** Puts files into rooms: a network, or a folder of `main`, `renderer` or `shared` with all that is in it. */
export function roomsOf(files: readonly string[], moreTests: readonly string[] = []): readonly Room[] {
  const rooms = new Map<string, string[]>();
  for (const file of files.filter(isMutated)) {
    const folders = dirname(file).split("/");
    const name = folders.slice(0, folders[1] === "networks" ? 3 : 2).join("/");
    rooms.set(name, [...(rooms.get(name) ?? []), file]);
  }
  return [...rooms]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, mutated]) => ({ name, files: mutated, tests: testsOf(name, moreTests) }));
}

/**
 * Puts files into rooms as small as their folders, noticed by the tests beside them and by `moreTests`; a folder
 * without tests of its own keeps those of its room. `hasTests`: whether a folder has tests of its own.
 */
export function foldersOf(
  files: readonly string[],
  hasTests: (folder: string) => boolean,
  moreTests: readonly string[] = [],
): readonly Room[] {
  const folders = Map.groupBy(files.filter(isMutated), (file) => dirname(file));
  return [...folders]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, mutated]) => {
      const tests = [`${name}/*`, ...moreTests.map((folder) => `${folder}/**/*`)].map(withEnding);
      const room = hasTests(name) ? tests : (roomsOf(mutated, moreTests)[0]?.tests ?? tests);
      return { name, files: mutated, tests: room };
    });
}

function withEnding(glob: string): string {
  return `${glob}.test.{ts,tsx}`;
}

function testsOf(room: string, moreTests: readonly string[]): readonly string[] {
  const own = ["main", "main/networks"].includes(room) ? `${room}/*` : `${room}/**/*`;
  const named = testedOnlyElsewhere[room] ?? [own, ...(testedElsewhere[room] ?? [])];
  return [...new Set([...named, ...moreTests.map((folder) => `${folder}/**/*`)])].map(withEnding);
}

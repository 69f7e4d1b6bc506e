import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs, promisify } from "node:util";
import { root } from "./root.ts";
import { type Count, countStructure } from "./structure/count.ts";
import { limits, maxPath } from "./structure/limits.ts";
import type { MessagePath } from "./structure/message-path.ts";

/**
 * `npm run structure [-- CHECKOUT] [--places]`: the numbers of the structure, beside those of another checkout where
 * one is named; `--places` names every place that is counted. A number over its limit ends it with status 1.
 */
const run = promisify(execFile);
const networks = ["xmpp", "simple"] as const;

/** All numbers of a checkout. */
async function numbersOf(checkout: string): Promise<readonly Count[]> {
  const counts = [...(await countStructure(checkout))];
  const program = fileURLToPath(new URL("structure/message-path.ts", import.meta.url));
  const paths = await Promise.all(
    networks.map((network) => run(process.execPath, [program, checkout, network], { timeout: 120_000 })),
  );
  for (const [index, { stdout }] of paths.entries()) {
    const path = JSON.parse(stdout) as MessagePath;
    for (const direction of ["incoming", "outgoing"] as const)
      counts.push({
        name: direction,
        title: `files of main that one ${direction} message passes through (${networks[index]})`,
        places: path[direction],
      });
  }
  return counts;
}

const most = (name: string): number | undefined =>
  ({ ...limits, ...maxPath })[name as keyof typeof limits | keyof typeof maxPath];

function isOver({ name, places }: Count): boolean {
  const limit = most(name);
  return limit !== undefined && places.length > limit;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options: { places: { type: "boolean" } } });
  const [other] = positionals;
  const before = other === undefined ? undefined : await numbersOf(resolve(other));
  const now = await numbersOf(root);
  for (const count of now) {
    const there = before?.find(({ title }) => title === count.title);
    const limit = most(count.name);
    const cells = [...(there ? [there.places.length] : []), count.places.length].map((cell) => `${cell}`.padStart(5));
    console.log(`${cells.join(" ")}  ${count.title}${limit === undefined ? "" : ` (at most ${limit})`}`);
    if (values.places || isOver(count)) for (const place of count.places) console.log(`         ${place}`);
  }
  const over = now.filter(isOver);
  for (const { title, places, name } of over) console.log(`${title}: ${places.length}, more than ${most(name)}.`);
  process.exitCode = over.length === 0 ? 0 : 1;
}

await main();

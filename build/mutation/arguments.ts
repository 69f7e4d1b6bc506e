/** Request of `npm run mutation`, as its arguments give it. */
export interface MutationRequest {
  /** Folders or files of the checkout, without a slash at the end; empty with `changed`. */
  readonly paths: readonly string[];
  /** Mutate the files that differ from this commit; "" for where the branch left origin/main. */
  readonly changed?: string;
  /** At most so many mutants of each folder, chosen at random. Without it all of them. */
  readonly sample?: number;
  /** The same seed chooses the same mutants from the same sources. */
  readonly seed: string;
  /** Folders whose tests run too, beside those of the mutated folder's own room. */
  readonly tests: readonly string[];
  /** Run the tests beside the mutated files first, and the rest of their room only for what those do not notice. */
  readonly near: boolean;
}

export const usage = `npm run mutation -- PATH... [--sample N] [--seed S] [--near] [--tests FOLDER]...
npm run mutation -- --changed [COMMIT] [--sample N] [--seed S] [--near] [--tests FOLDER]...

PATH is a folder or a file, such as main/networks/xmpp. --changed takes the files that differ from COMMIT
(by default, from where this branch left origin/main). --sample takes N mutants of each folder. --near runs
the tests beside the mutated files first, and those of their room only for mutants that the first do not notice.`;

/** Reads the arguments; answers a sentence where they cannot be used. */
export function readArguments(args: readonly string[]): MutationRequest | string {
  const paths: string[] = [];
  const tests: string[] = [];
  const rest = [...args];
  let changed: string | undefined;
  let sample: number | undefined;
  let seed = "1";
  let near = false;
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (!arg.startsWith("-")) paths.push(trimSlash(arg));
    else if (arg === "--near") near = true;
    else if (arg === "--changed") changed = rest[0] === undefined || rest[0].startsWith("-") ? "" : rest.shift();
    else if (arg === "--sample" || arg === "--seed" || arg === "--tests") {
      const value = rest.shift();
      if (value === undefined) return `${arg} needs a value.`;
      if (arg === "--tests") tests.push(trimSlash(value));
      else if (arg === "--seed") seed = value;
      else if (/^[1-9]\d{0,5}$/.test(value)) sample = Number(value);
      else return `--sample takes a number of mutants, not ${value}.`;
    } else return `There is no option ${arg}.`;
  }
  if (paths.length > 0 && changed !== undefined) return "Say folders or --changed, not both.";
  if (paths.length === 0 && changed === undefined) return "Say which folders, or --changed.";
  return {
    paths,
    tests,
    seed,
    near,
    ...(changed === undefined ? {} : { changed }),
    ...(sample === undefined ? {} : { sample }),
  };
}

function trimSlash(path: string): string {
  return path.replace(/^\.\//, "").replace(/\/+$/, "");
}

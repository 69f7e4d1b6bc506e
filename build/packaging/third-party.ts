import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { bundledFiles, nativePackages } from "../bundle.ts";
import { root } from "../root.ts";

/** A package of somebody else's of which something is in what ships. */
export interface ThirdParty {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly license: string;
  readonly homepage: string | undefined;
  /** Text of its licence. */
  readonly text: string;
}

const licenseFile = /^(?:licen[cs]e|copying)(?:\.(?:md|txt))?$/i;
/** Finds the prebuilt file of a native package. */
const loader = "node-gyp-build";

/**
 * Packages of which the bundles hold code, and those that ship beside them, in order of their names. Read from what
 * esbuild put into the bundles: npm's own list (`npm sbom`) leaves out packages that something of development needs,
 * too.
 */
export async function thirdParties(): Promise<readonly ThirdParty[]> {
  const folders = new Set<string>();
  for (const path of await bundledFiles()) {
    const folder = /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
    if (folder !== undefined) folders.add(folder);
  }
  for (const name of [...nativePackages, loader]) folders.add(`node_modules/${name}`);
  const found = await Promise.all([...folders].map(readPackage));
  return found
    .filter((each) => each !== undefined)
    .sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1));
}

/** Undefined: not installed on this system (native-reg is for Windows alone). */
async function readPackage(folder: string): Promise<ThirdParty | undefined> {
  const text = await readFile(join(root, folder, "package.json"), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const { name, version, license, homepage } = JSON.parse(text) as Partial<Record<string, string>>;
  if (name === undefined || version === undefined || license === undefined)
    throw new Error(`${folder} does not say its name, version and licence`);
  const file = (await readdir(join(root, folder))).find((each) => licenseFile.test(each));
  const said = file === undefined ? `Licence: ${license}` : await readFile(join(root, folder, file), "utf8");
  return { name, version, license, homepage, text: said.replaceAll("\r\n", "\n").trim() };
}

/** The notices that these licences ask for, as a text for people. */
export function noticesOf(parties: readonly ThirdParty[]): string {
  const entries = parties.map(
    ({ name, version, license, homepage, text }) =>
      `${name} ${version} (${license})\n${homepage === undefined ? "" : `${homepage}\n`}\n${text}\n`,
  );
  return `Hallway contains code of these packages.\n\n${entries.join(`\n${"-".repeat(80)}\n\n`)}`;
}

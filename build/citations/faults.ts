import { access, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readCitations, readSuiteRows } from "./citations.ts";
import { readTestNames } from "./test-names.ts";

const suites = "main/networks/conformance";
const servers = "e2e/conformance";

/** Claims of a document about tests that do not hold: a file or test that is not there, a suite that runs elsewhere. */
export async function findFaults(checkout: string, document: string): Promise<readonly string[]> {
  const markdown = await readFile(join(checkout, document), "utf8");
  const citations = readCitations(markdown);
  if (citations.length === 0) return [`${document} cites no test.`];
  const faults: string[] = [];
  for (const { path, names, line } of citations) {
    const text = await readFile(join(checkout, path), "utf8").catch(() => undefined);
    const declared = text === undefined ? undefined : readTestNames(text, path.endsWith("x"));
    if (!declared) faults.push(`${document}:${line}: ${path} is not there.`);
    for (const name of names) {
      if (!/\p{L}/u.test(name.replace(/%[a-z]/g, "")))
        faults.push(`${document}:${line}: "${name}" says nothing: cite the group that it stands in.`);
      else if (declared && !declared.has(name)) faults.push(`${document}:${line}: ${path} has no test "${name}".`);
    }
  }
  return [...faults, ...(await misplacedSuites(checkout, markdown)), ...(await missingFiles(checkout, markdown))];
}

/** Suites of the table that a test file runs and should not by the table, or the other way round. */
async function misplacedSuites(checkout: string, markdown: string): Promise<readonly string[]> {
  const read = (path: string): Promise<string> => readFile(join(checkout, path), "utf8");
  const whole = await read(`${suites}.ts`).catch(() => "");
  const faults: string[] = [];
  for (const { suite, runs, runsNot } of readSuiteRows(markdown)) {
    const source = await read(`${suites}/${suite}`).catch(() => "");
    const [, name] = /export function (describe\w+)/.exec(source) ?? [];
    if (name === undefined) {
      faults.push(`${suites}/${suite} is no suite.`);
      continue;
    }
    const isRunBy = async (file: string): Promise<boolean> => {
      const text = await read(`${servers}/${file}`).catch(() => "");
      return text.includes(`${name}(`) || (/describe(?:Network|Registrar)\(/.test(text) && whole.includes(`${name}(`));
    };
    for (const file of runs) if (!(await isRunBy(file))) faults.push(`${file} does not run ${suite}.`);
    for (const file of runsNot)
      if (await isRunBy(file)) faults.push(`${file} runs ${suite}, which the table leaves out.`);
  }
  return faults;
}

/** Other files that are named with their folder. */
async function missingFiles(checkout: string, markdown: string): Promise<readonly string[]> {
  const named = new Set([...markdown.matchAll(/`([\w.-]+\/[\w./-]+\.\w+)`/g)].map(([, path]) => path ?? ""));
  const missing: string[] = [];
  for (const path of named)
    await access(join(checkout, path)).catch(() => missing.push(`${path} is named and not there.`));
  return missing;
}

/** A test file that a document cites, with the names of its tests that are meant. */
export interface Citation {
  readonly path: string;
  readonly names: readonly string[];
  /** Line of the document, from 1. */
  readonly line: number;
}

/** A row of a table of suites: which test files run the suite, by the document. */
export interface SuiteRow {
  readonly suite: string;
  readonly runs: readonly string[];
  readonly runsNot: readonly string[];
}

/** `- \`path\` (what stood on the other side): "name", "name"`, on as many lines as it takes. */
const citation = /^- `([^`]+)` \((?:real: [^)]+|scripted[^)]*|alone)\):((?: "[^"]+",?)+)$/;

/** List items of a Markdown document that begin with a path, each joined to one line. */
function items(markdown: string): readonly { readonly text: string; readonly line: number }[] {
  const found: { text: string; line: number }[] = [];
  let open: { text: string; line: number } | undefined;
  for (const [index, line] of markdown.split("\n").entries()) {
    if (line.startsWith("- `")) found.push((open = { text: line.trim(), line: index + 1 }));
    else if (open && /^ +\S/.test(line)) open.text += ` ${line.trim()}`;
    else open = undefined;
  }
  return found;
}

/** The citations of a document. An item that begins with a path and is written otherwise is an error. */
export function readCitations(markdown: string): readonly Citation[] {
  return items(markdown).map(({ text, line }) => {
    const [, path, names] = citation.exec(text) ?? [];
    if (path === undefined || names === undefined) throw new Error(`line ${line}: no citation: ${text}`);
    return { path, names: [...names.matchAll(/"([^"]+)"/g)].map(([, name]) => name ?? ""), line };
  });
}

/** Rows of the table whose heads name a test file each, as `(file.test.ts)`, and whose cells are "yes" or empty. */
export function readSuiteRows(markdown: string): readonly SuiteRow[] {
  const lines = markdown.split("\n");
  const head = lines.findIndex((line) => line.startsWith("|") && line.includes(".test.ts`) |"));
  const files = cells(lines[head] ?? "").flatMap((cell) => /\(`([^`]+)`\)$/.exec(cell)?.[1] ?? []);
  const rows: SuiteRow[] = [];
  for (let at = head + 2; lines[at]?.startsWith("| `"); at += 1) {
    const [suite = "", ...marks] = cells(lines[at] ?? "");
    const marked = (is: boolean) => files.filter((_, index) => (marks[index] === "yes") === is);
    rows.push({ suite: suite.replaceAll("`", ""), runs: marked(true), runsNot: marked(false) });
  }
  return rows;
}

const cells = (row: string): readonly string[] =>
  row
    .split("|")
    .slice(1, -1)
    .map((cell) => cell.trim());

import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import { csv, csvCell } from "./csv.ts";
import { anyMessage, full, hostileTexts, sample, single } from "./samples.test-helper.ts";

function rows(content: string): Record<string, string>[] {
  return parse(content, { columns: true, bom: true, record_delimiter: "\r\n" }) as Record<string, string>[];
}

/** Takes the guard against formulas off again. */
function unguarded(cell: string | undefined): string | undefined {
  return cell?.startsWith("'") ? cell.slice(1) : cell;
}

/** Text without what no table can hold. */
const replaced = (text: string): string => text.toWellFormed().replaceAll("\0", "\ufffd");

test("a line of names, then a line for each message", () => {
  const content = single(csv, [sample(), full]);
  expect(content.startsWith("\ufeffid,conversation,account,network,direction,from,to,sent,")).toBe(true);
  const [first, second] = rows(content);
  expect(first).toMatchObject({
    from: "bob@example.com",
    to: "alice@example.com",
    sent: "2026-11-24T09:30:00.000Z",
    versions: "",
    delayed: "",
  });
  expect(second).toMatchObject({
    direction: "out",
    text: "Budget: 12 000 €",
    encryption: "omemo",
    label: "Confidential",
    delayed: "yes",
  });
  expect(JSON.parse(second?.["versions"] ?? "")).toEqual([
    { text: "Budget: 11 000 €", from: "2026-11-24T09:30:00.000Z", until: "2026-11-24T09:31:00.000Z" },
  ]);
  expect(JSON.parse(second?.["files"] ?? "")).toMatchObject([{ name: "plan “B”.pdf", size: 4096 }]);
});

test("no cell begins as a formula", () => {
  for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1"])
    expect(csvCell(text).replace(/^"/, "")).toMatch(/^'/);
  expect(csvCell("a=1")).toBe("a=1");
});

test("whatever is in the record parses back, and no cell is a formula", () => {
  const messages = fc.oneof(
    fc.array(anyMessage, { maxLength: 5 }),
    fc.constant(hostileTexts.map((body) => sample({ body }))),
  );
  fc.assert(
    fc.property(messages, (all) => {
      const parsed = rows(single(csv, all));
      expect(parsed.map((row) => unguarded(row["text"]))).toEqual(all.map(({ body }) => replaced(body)));
      expect(parsed.map((row) => unguarded(row["id"]))).toEqual(all.map(({ id }) => replaced(id)));
      for (const row of parsed) for (const cell of Object.values(row)) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
    }),
  );
});

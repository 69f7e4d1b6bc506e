import { expect, it } from "vitest";
import { parseElement } from "../testing/session.ts";
import { filesIn, linkLines, saysOnly } from "./web-links.ts";

it("takes sixteen files of a message, none of another name or namespace, and none within another", () => {
  const file = "<f xmlns='a'/>";
  const inside = `<g xmlns='a'/><f xmlns='b'/><h xmlns='a'>${file}</h>`;
  const count = (files: number): number =>
    filesIn(parseElement(`<m>${inside}${file.repeat(files)}</m>`), "f", "a").length;
  expect([0, 1, 16, 17].map(count)).toEqual([0, 1, 16, 16]);
});

it("writes each link once, on a line of its own, as long as a text may be", () => {
  expect(linkLines([])).toBeUndefined();
  expect(linkLines(["https://a.test/", "https://b.test/", "https://a.test/"])).toBe("https://a.test/\nhttps://b.test/");
  expect(linkLines(["x".repeat(65_537)])).toHaveLength(65_536);
});

it("takes a text for a program's only where each of its lines is one of the addresses", () => {
  const urls = ["https://a.test/", "https://b.test/"];
  for (const body of ["https://a.test/", " https://b.test/ ", "https://a.test/\nhttps://b.test/\r\nhttps://a.test/"])
    expect(saysOnly(body, urls), body).toBe(true);
  for (const body of ["", "https://c.test/", "see https://a.test/", "https://a.test/\nlook", "https://a.test/x"])
    expect(saysOnly(body, urls), body).toBe(false);
});

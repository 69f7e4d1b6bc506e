import { expect, it } from "vitest";
import { parseWatcherInfo } from "./rfc-3858-watcherinfo.ts";
import { XmlError } from "./xml.ts";

const namespace = "urn:ietf:params:xml:ns:watcherinfo";
const document = (attributes: string, inner = "") =>
  `<watcherinfo xmlns="${namespace}" ${attributes}>${inner}</watcherinfo>`;
const watcher = (status: string, uri: string) => `<watcher status="${status}"> ${uri} </watcher>`;

it.each([
  ["", 0, true],
  ['version="4"', 4, true],
  ['version="x" state="full"', 0, true],
  ['version="7" state="partial"', 7, false],
])("with %j has this version, and is whole or not", (attributes, version, full) => {
  expect(parseWatcherInfo(document(attributes))).toEqual({ version, full, watchers: [] });
});

it("names every watcher of presence with a status that is known, and nobody else", () => {
  const all = ["pending", "active", "waiting", "terminated"].map((status) => watcher(status, `sip:${status}@x.test`));
  const list = (inner: string, attributes = "") => `<watcher-list${attributes}>${inner}</watcher-list>`;
  const lists = [
    list(all.join("") + watcher("dancing", "sip:x@x.test") + watcher("active", "")),
    list(watcher("active", "sip:d@x.test"), ' package="dialog"'),
    list(watcher("active", "sip:e@x.test"), ' xmlns="urn:x"'),
  ];
  expect(parseWatcherInfo(document("", lists.join(""))).watchers).toEqual(
    ["pending", "active", "waiting", "terminated"].map((status) => ({
      uri: `sip:${status}@x.test`,
      displayName: undefined,
      status,
    })),
  );
});

it("is refused in another namespace, or with another root", () => {
  expect(() => parseWatcherInfo(document("").replace(namespace, "urn:x"))).toThrow(XmlError);
  expect(() =>
    parseWatcherInfo(document("").replaceAll("watcherinfo ", "watchers ").replace("</watcherinfo", "</watchers")),
  ).toThrow(XmlError);
});

import fc from "fast-check";
import { expect, it } from "vitest";
import { HallwayError } from "../../../shared/errors.ts";
import { linksOfJson, linksOfXrd } from "./host-meta.ts";

const rel = "urn:xmpp:alt-connections:websocket";

it("reads both forms", () => {
  expect(linksOfJson(JSON.stringify({ links: [{ rel: "other", href: "x" }, { rel, href: "wss://a.test/ws" }, null, 3, { rel }] }))).toEqual([
    "wss://a.test/ws",
  ]);
  expect(
    linksOfXrd(
      `<?xml version='1.0' encoding='utf-8'?><XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'><Link rel='other' href='x'/><Link rel='${rel}' href='wss://a.test/ws'/></XRD>`,
    ),
  ).toEqual(["wss://a.test/ws"]);
  expect(linksOfXrd("<html><Link/></html>")).toEqual([]);
  expect(linksOfJson("[]")).toEqual([]);
});

it("reads anything else as nothing, or throws what the caller takes for nothing", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      for (const read of [linksOfJson, linksOfXrd]) {
        try {
          expect(Array.isArray(read(text))).toBe(true);
        } catch (error) {
          expect(error instanceof SyntaxError || error instanceof HallwayError).toBe(true);
        }
      }
    }),
  );
});

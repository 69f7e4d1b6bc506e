import { expect, it } from "vitest";
import { formatIsComposing, parseIsComposing } from "./rfc-3994-is-composing.ts";
import { XmlError } from "./xml.ts";

const namespace = "urn:ietf:params:xml:ns:im-iscomposing";
const document = (inner: string, root = "isComposing", ns = namespace) => `<${root} xmlns="${ns}">${inner}</${root}>`;

it.each([
  ["0.4", 5],
  ["4", 5],
  ["5", 5],
  ["60.4", 60],
  [" 90 ", 90],
  ["3600", 3600],
  ["3601", 3600],
  ["0", 120],
  ["", 120],
  ["soon", 120],
])("a refresh interval of %j s counts as %i s", (said, refresh) => {
  expect(parseIsComposing(document(`<state>active</state><refresh>${said}</refresh>`)).refresh).toBe(refresh);
});

it("is read in its own namespace alone, whatever stands beside it", () => {
  expect(parseIsComposing(document("<state> active </state><lastactive>x</lastactive>"))).toEqual({
    state: "active",
    refresh: 120,
  });
  expect(parseIsComposing(document('<state xmlns="urn:x">active</state><refresh xmlns="urn:x">9</refresh>'))).toEqual({
    state: "idle",
    refresh: 120,
  });
  for (const other of [document("<state>active</state>", "composing"), document("<state/>", "isComposing", "urn:x")])
    expect(() => parseIsComposing(other)).toThrow(XmlError);
});

it("says how long typing holds, and of its end nothing more", () => {
  expect(formatIsComposing({ state: "active", refresh: 60 })).toContain("<refresh>60</refresh>");
  const idle = formatIsComposing({ state: "idle", refresh: 60 });
  expect(idle).toContain("<state>idle</state>");
  expect(idle).not.toContain("refresh");
});

it("has bounds of its length, depth and number of elements", () => {
  const wide = (elements: number) => document("<x/>".repeat(elements - 1));
  const deep = (depth: number) => document("<x>".repeat(depth - 1) + "</x>".repeat(depth - 1));
  const long = (length: number) => document("x".repeat(length - document("").length));
  for (const [make, most] of [
    [wide, 50],
    [deep, 8],
    [long, 16_384],
  ] as const) {
    expect(parseIsComposing(make(most)).state).toBe("idle");
    expect(() => parseIsComposing(make(most + 1))).toThrow(XmlError);
  }
});

import { describe, expect, it } from "vitest";
import { formatImdn, type Imdn, parseImdn } from "./rfc-5438-imdn.ts";
import { XmlError } from "./xml.ts";

const namespace = "urn:ietf:params:xml:ns:imdn";
const document = (inner: string, id = "m1") =>
  `<imdn xmlns="${namespace}"><message-id>${id}</message-id>${inner}</imdn>`;
const said = (kind: string, status: string) =>
  `<${kind}-notification><status>${status}</status></${kind}-notification>`;

describe("a disposition notification", () => {
  it.each<[Imdn["kind"], Imdn["status"]]>([
    ["delivery", "delivered"],
    ["delivery", "failed"],
    ["delivery", "forbidden"],
    ["delivery", "error"],
    ["display", "displayed"],
    ["display", "forbidden"],
    ["processing", "processed"],
    ["processing", "stored"],
  ])("of %s says %s", (kind, status) => {
    expect(parseImdn(document(said(kind, `<${status}/>`)))).toEqual({
      messageId: "m1",
      dateTime: undefined,
      kind,
      status,
    });
  });

  it.each([
    ["a status outside of what it is about", "<status><delivered/></status>"],
    ["a status of another namespace", said("delivery", '<delivered xmlns="urn:x"/>')],
    ["a notification of another namespace", `<x xmlns="urn:x">${said("delivery", "<delivered/>")}</x>`],
    ["an unknown status", said("delivery", "<dancing/>")],
    ["no status", "<delivery-notification/>"],
  ])("with %s says nothing", (_, inner) => {
    expect(() => parseImdn(document(inner))).toThrow(XmlError);
  });

  it("has an id of 512 characters and no more", () => {
    const delivered = said("delivery", "<delivered/>");
    expect(parseImdn(document(delivered, "x".repeat(512))).messageId).toHaveLength(512);
    for (const id of ["x".repeat(513), "", "  "]) expect(() => parseImdn(document(delivered, id))).toThrow(XmlError);
  });

  it("of another namespace is none", () => {
    expect(() => parseImdn(document(said("delivery", "<delivered/>")).replace(namespace, "urn:x"))).toThrow(XmlError);
  });

  it("is written with the time of the message where that is known", () => {
    const imdn: Imdn = { messageId: "<m>", dateTime: undefined, kind: "display", status: "displayed" };
    const displayed = said("display", "<displayed/>");
    expect(formatImdn(imdn, "sip:a&b@x.test")).toContain(
      `<message-id>&lt;m&gt;</message-id><recipient-uri>sip:a&amp;b@x.test</recipient-uri>${displayed}</imdn>`,
    );
    expect(formatImdn({ ...imdn, dateTime: "2026-01-01T00:00:00Z" }, "sip:a@x.test")).toContain(
      "<datetime>2026-01-01T00:00:00Z</datetime>",
    );
  });
});

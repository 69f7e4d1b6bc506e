import { expect, it } from "vitest";
import { parseElement } from "../testing/session.ts";
import { verificationString, verifies } from "./xep-0115-caps-hash.ts";

const features = ["disco#items", "muc", "disco#info", "caps"].map(
  (name) => `<feature var='http://jabber.org/protocol/${name}'/>`,
);
const query = (...inner: readonly string[]) =>
  parseElement(`<query xmlns='http://jabber.org/protocol/disco#info'>${inner.join("")}</query>`);
const field = (name: string, values: readonly string[], type = "text-multi"): string =>
  `<field var='${name}' type='${type}'>${values.map((value) => `<value>${value}</value>`).join("")}</field>`;
const form = (type: string): string =>
  `<x xmlns='jabber:x:data' type='result'>${[
    field("software_version", ["0.11"]),
    field("FORM_TYPE", ["urn:xmpp:dataforms:softwareinfo"], type),
    field("ip_version", ["ipv6", "ipv4"]),
    field("os", ["Mac"]),
    field("os_version", ["10.5.1"]),
    field("software", ["Psi"]),
  ].join("")}</x>`;
const exodus = "<identity category='client' type='pc' name='Exodus 0.9.1'/>";
const psi = [
  "<identity xml:lang='en' category='client' name='Psi 0.11' type='pc'/>",
  "<identity xml:lang='el' category='client' name='Ψ 0.11' type='pc'/>",
];
const sha1 = (ver: string) => ({ node: "urn:x", hash: "sha-1", ver });

it("is that of the examples of XEP-0115 sections 5.2 and 5.3", () => {
  expect(verifies(query(exodus, ...features), sha1("QgayPKawpkPSDYmwT/WM94uAlu0="))).toBe(true);
  expect(verifies(query(...psi, ...features, form("hidden")), sha1("q07IKJEyjvHSyhy//CH0CxmKi8w="))).toBe(true);
});

it("is not that of an answer which says more, less or something else", () => {
  const ver = sha1("QgayPKawpkPSDYmwT/WM94uAlu0=");
  expect(verifies(query(exodus, ...features, "<feature var='urn:x'/>"), ver)).toBe(false);
  expect(verifies(query(exodus, ...features.slice(1)), ver)).toBe(false);
  expect(verifies(query(...features), ver)).toBe(false);
  expect(verifies(query(exodus, ...features), { ...ver, hash: "md5" })).toBe(false);
});

// Section 5.4, steps 3.3 to 3.6, and what two answers could share.
it.each([
  ["two of the same identity", query(exodus, exodus)],
  ["two of the same feature", query(exodus, ...features, features[0] ?? "")],
  ["two of the same form", query(exodus, form("hidden"), form("hidden"))],
  ["a separator inside a feature", query(exodus, "<feature var='urn:a&lt;urn:b'/>")],
  ["a separator inside an identity", query("<identity category='client' type='pc' name='A&lt;urn:a'/>")],
])("is none of an answer with %s", (_, element) => {
  expect(verificationString(element)).toBeUndefined();
});

it("leaves out a form that does not say what it is of", () => {
  expect(verificationString(query(exodus, form("text-single")))).toBe("client/pc//Exodus 0.9.1<");
});

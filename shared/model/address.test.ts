import * as v from "valibot";
import { describe, expect, it } from "vitest";
import {
  AddressSchema,
  domainOf,
  isPersonal,
  isUnanswerable,
  localOf,
  nameOf,
  PersonalAddressSchema,
} from "./address.ts";

describe("an address", () => {
  it.each([
    ["alice@example.test", "alice", "example.test", "alice"],
    ["b@[2001:db8::1]", "b", "[2001:db8::1]", "b"],
    ["gateway.example.test", "", "gateway.example.test", "gateway.example.test"],
    ["[2001:db8::1]", "", "[2001:db8::1]", "[2001:db8::1]"],
    ["pc", "", "pc", "pc"],
    ["tel:+15550100", "+15550100", "tel:", "+15550100"],
    ["urn:service:sos", "service:sos", "urn:", "urn:service:sos"],
    ["mailto:ceo@example.test", "ceo@example.test", "mailto:", "mailto:ceo@example.test"],
    ["anonymous@anonymous.invalid", "anonymous", "anonymous.invalid", "anonymous"],
    ["c8oqz84zk7z@anonymous.invalid", "c8oqz84zk7z", "anonymous.invalid", "anonymous"],
  ])("%s has its parts and a name", (address, local, domain, name) => {
    expect(v.is(AddressSchema, address)).toBe(true);
    expect([localOf(address), domainOf(address), nameOf(address)]).toEqual([local, domain, name]);
  });

  it("is somebody's only with a local part, and only then one to sign in with", () => {
    expect(["alice@example.test", "gateway.example.test", "tel:+1", "mailto:a@b.test"].map(isPersonal)).toEqual([
      true,
      false,
      false,
      false,
    ]);
    for (const address of ["gateway.example.test", "tel:+15550100"])
      expect(v.is(PersonalAddressSchema, address)).toBe(false);
  });

  it("cannot be answered where the sender hides or no network goes", () => {
    expect(["anonymous@anonymous.invalid", "urn:service:sos", "mailto:a@b.test"].map(isUnanswerable)).toEqual([
      true,
      true,
      true,
    ]);
    expect(
      ["alice@example.test", "tel:+15550100", "gateway.example.test", "a@anonymous.invalid.test"].map(isUnanswerable),
    ).toEqual([false, false, false, false]);
  });

  it.each(["", "a b", "a@b@c", "a@", "@b", "a/b", "tel:", "tel:a b", 'tel:"1"', "tel:<1>", "x".repeat(3_072)])(
    "%j is none",
    (text) => {
      expect(v.is(AddressSchema, text)).toBe(false);
    },
  );
});

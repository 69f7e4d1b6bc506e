import { describe, expect, it } from "vitest";
import { networks } from "../dev/networks.ts";
import { sipAccount, xmppAccount } from "../dev/people.ts";
import { accountsFor, usableAccounts } from "./usable-accounts.ts";

const accounts = [sipAccount, xmppAccount];
const ids = (text: string): readonly string[] => accountsFor(text, accounts, networks).map(({ id }) => id);
const domainOf = (address: string): string => address.slice(address.indexOf("@"));

describe("accounts for an address", () => {
  it.each(["", "juliet", "juliet@", "@x.example", "two words@x.example", "a@b@c", "https://x.example"])(
    "%j is none",
    (text) => {
      expect(ids(text)).toEqual([]);
    },
  );

  it("puts the account of the same domain first", () => {
    expect(ids(`someone${domainOf(xmppAccount.address)}`)[0]).toBe(xmppAccount.id);
    expect(ids(` someone${domainOf(sipAccount.address)} `)[0]).toBe(sipAccount.id);
  });

  it("obeys the scheme", () => {
    expect(ids("sip:a@x.example")).toEqual([sipAccount.id]);
    expect(ids("XMPP:a@x.example")).toEqual([xmppAccount.id]);
    expect(ids("im:a@x.example")).toHaveLength(2);
    expect(ids("tel:+1 555-0100")).toEqual([sipAccount.id]);
    expect(ids("sip:gateway.example")).toEqual([sipAccount.id]);
    expect(ids("xmpp:server.example")).toEqual([xmppAccount.id]);
    expect(ids("tel:juliet")).toEqual([]);
  });

  it("leaves out what is turned off, and puts what is connected first", () => {
    const off = { ...sipAccount, enabled: false };
    const waiting = { ...xmppAccount, state: "waiting" as const };
    expect(usableAccounts([off, waiting])).toEqual([waiting]);
    expect(usableAccounts([waiting, sipAccount])).toEqual([sipAccount, waiting]);
  });
});

import type { AccountRecord } from "../../shared/model/account.ts";
import { type ContactRecord, contactId } from "../../shared/model/contact.ts";
import type { Presence } from "../../shared/model/presence.ts";

/** A development and test helper: a small company as main would publish it. */
export const now = new Date(2026, 10, 20, 9, 42).getTime();
const minute = 60_000;

export const xmppAccount: AccountRecord = {
  id: "account-xmpp",
  protocol: "xmpp",
  address: "me@corp.example",
  enabled: true,
  server: {},
  state: "online",
  security: "TLSv1.3",
  facets: { messages: { correct: true, retract: true, sendTyping: true, sendReceipt: true }, archive: {} },
};
export const sipAccount: AccountRecord = {
  id: "account-sip",
  protocol: "simple",
  address: "me@voice.corp.example",
  enabled: true,
  server: {},
  state: "online",
  security: "TLSv1.2",
  facets: { messages: { correct: false, retract: false, sendTyping: true, sendReceipt: true } },
};

type Row = readonly [
  name: string,
  address: string,
  network: "xmpp" | "simple",
  groups: readonly string[],
  presence: Presence,
  more?: Partial<ContactRecord>,
];

const rows: readonly Row[] = [
  [
    "Juliet Capulet",
    "juliet@bank.example",
    "xmpp",
    ["Treasury"],
    { availability: "available", status: "at her desk" },
    { pinned: true },
  ],
  ["Bob Tanaka", "bob@corp.example", "xmpp", ["Treasury"], { availability: "in-call", status: "back 10:15" }],
  [
    "Alice Müller",
    "alice@voice.corp.example",
    "simple",
    ["Treasury"],
    { availability: "away", idleSince: now - 12 * minute },
  ],
  [
    "Romeo Montague",
    "romeo@corp.example",
    "xmpp",
    ["Treasury"],
    { availability: "offline", lastSeen: now - 20 * 60 * minute },
  ],
  [
    "Émilie Lefèvre",
    "emilie@corp.example",
    "xmpp",
    ["Treasury"],
    { availability: "in-meeting", status: "Comité de direction" },
  ],
  ["Carol Okonkwo", "carol@partner.example", "xmpp", ["Partners"], { availability: "available" }],
  ["Dave Singh", "dave@partner.example", "simple", ["Partners"], { availability: "unknown" }, { subscription: "none" }],
  [
    "Maximiliane Konstantinopolitanische-Dudelsackpfeifenmacherin von und zu Hohenfels",
    "maximiliane.konstantinopolitanische-dudelsackpfeifenmacherin@a-rather-long-subdomain.partner.example",
    "xmpp",
    ["Partners"],
    {
      availability: "be-right-back",
      status: "Getting coffee, then the quarterly review of everything that was left over",
    },
  ],
  ["Nadia Haddad", "nadia@voice.corp.example", "simple", ["Operations"], { availability: "busy" }],
  ["نور الهدى", "nour@corp.example", "xmpp", ["Operations"], { availability: "available", status: "في المكتب" }],
  ["Zoë Ångström", "zoe@corp.example", "xmpp", ["Operations"], { availability: "offline" }],
  ["Peter Novak", "peter@corp.example", "xmpp", [], { availability: "unknown" }, { subscription: "none", asked: true }],
];

export function smallCompany(): ContactRecord[] {
  return rows.map(([name, address, protocol, groups, presence, more]) => {
    const accountId = protocol === "xmpp" ? xmppAccount.id : sipAccount.id;
    return {
      id: contactId(accountId, address),
      accountId,
      protocol,
      address,
      name,
      groups: [...groups],
      subscription: "both",
      asked: false,
      presence,
      pinned: false,
      listed: true,
      ...more,
    };
  });
}

const given = [
  "Ada",
  "Ben",
  "Chloé",
  "Dmitri",
  "Elif",
  "Farah",
  "Gustav",
  "Hana",
  "Ines",
  "Jonas",
  "Kofi",
  "Lea",
  "Mei",
  "Noor",
  "Olu",
  "Priya",
  "Quinn",
  "Rosa",
  "Sven",
  "Tomás",
];
const family = [
  "Abara",
  "Becker",
  "Cruz",
  "Dubois",
  "Eriksen",
  "Fischer",
  "Garcia",
  "Hansen",
  "Ivanova",
  "Jansen",
  "Kowalski",
  "Lopez",
  "Meyer",
  "Nguyen",
  "Ozturk",
  "Patel",
  "Rossi",
  "Silva",
  "Tanaka",
  "Weber",
];
const states: readonly Presence["availability"][] = [
  "available",
  "away",
  "offline",
  "busy",
  "in-call",
  "offline",
  "unknown",
];

/** As many people as asked for, in groups of about 200; the same ones each time. */
export function largeCompany(count: number): ContactRecord[] {
  return Array.from({ length: count }, (_, n) => {
    const address = `p${n}@corp.example`;
    return {
      id: contactId(xmppAccount.id, address),
      accountId: xmppAccount.id,
      protocol: "xmpp",
      address,
      name: `${given[n % given.length]} ${family[(n * 7) % family.length]} ${n}`,
      groups: [`Department ${1 + (n % Math.max(1, Math.ceil(count / 200)))}`],
      subscription: "both",
      asked: false,
      presence: { availability: states[n % states.length] ?? "offline" },
      pinned: n < 3,
      listed: true,
    };
  });
}

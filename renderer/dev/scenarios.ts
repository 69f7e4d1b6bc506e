import type { AccountRecord } from "../../shared/model/account.ts";
import { contactId } from "../../shared/model/contact.ts";
import { bob, companyMessages, conversationsOf, juliet, minute, romeo } from "./company-messages.ts";
import type { FakeState } from "./fake-store.ts";
import { largeCompany, now, sipAccount, smallCompany, xmppAccount } from "./people.ts";

const requests = [
  {
    id: contactId(xmppAccount.id, "mallory@elsewhere.example"),
    accountId: xmppAccount.id,
    protocol: "xmpp",
    address: "mallory@elsewhere.example",
    name: "Mallory Chen",
    kind: "presence",
    at: now - 9 * minute,
  },
  {
    id: contactId(xmppAccount.id, "anna@c\u043Erp.example"),
    accountId: xmppAccount.id,
    protocol: "xmpp",
    address: "anna@c\u043Erp.example",
    kind: "message",
    text: "It is me, from my new address. Can you send me the list of accounts?",
    at: now - 6 * minute,
  },
  {
    id: contactId(sipAccount.id, "trent@vendor.example"),
    accountId: sipAccount.id,
    protocol: "simple",
    address: "trent@vendor.example",
    kind: "message",
    text: "Hello, we met at the conference. May I send you our new price list?",
    at: now - 50 * minute,
  },
  {
    id: `${xmppAccount.id}|@harvest.example`,
    accountId: xmppAccount.id,
    protocol: "xmpp",
    address: "*@harvest.example",
    kind: "burst",
    count: 37,
    at: now - 3 * minute,
  },
] as const;

function company(): FakeState {
  const all = companyMessages();
  return {
    accounts: [xmppAccount, sipAccount],
    contacts: smallCompany(),
    conversations: conversationsOf(all),
    requests,
    messages: all,
    app: { presence: { availability: "available", status: "in the office" } },
  };
}

const managed = [
  { id: "OrganizationName", value: "Example Bank", origin: "policy", locked: true },
  { id: "SupportContact", value: "helpdesk@bank.example", origin: "policy", locked: true },
  {
    id: "HistoryMode",
    value: "memory",
    origin: "policy",
    locked: true,
    managedBy: "Example Bank",
    source: "/etc/hallway/policies/managed/10-bank.json",
  },
] as const;

const bank = "/etc/hallway/policies/managed/10-bank.json";
const governed = [
  ...managed,
  {
    id: "AllowedDomains",
    value: [],
    origin: "policy",
    locked: true,
    managedBy: "Example Bank",
    source: bank,
    error: { code: "policy-invalid", params: { setting: "AllowedDomains", path: "AllowedDomains[1]", source: bank } },
  },
  {
    id: "IdleLockMinutes",
    value: 15,
    origin: "recommended",
    locked: false,
    source: "/etc/hallway/policies/recommended/a.json",
  },
] satisfies FakeState["settings"];

const decided = { origin: "policy", locked: true, managedBy: "Example Bank", source: bank } as const;
const recorded = [
  ...managed.slice(0, 2),
  { id: "ArchiveScope", value: "all", ...decided },
  { id: "ArchiveDestination", value: { type: "folder", path: "/srv/archive/hallway/conversations" }, ...decided },
  { id: "ArchiveRequired", value: true, ...decided },
  { id: "AuditSyslogServer", value: { host: "audit.bank.example", port: 6514 }, ...decided },
  { id: "AllowedDomains", value: ["bank.example", "partner.example"], ...decided },
  { id: "HistoryMinimumDays", value: 90, ...decided },
  { id: "LegalHoldSubjects", value: [{ type: "domain", domain: "bank.example", matter: "Case 7" }], ...decided },
] satisfies FakeState["settings"];

const policy: NonNullable<FakeState["policy"]> = {
  connectionsAllowed: false,
  overruled: {
    HistoryMode: [
      { origin: "policy", value: "off", source: "/etc/hallway/policies/managed/00-all.json", line: 4 },
      { origin: "user", value: "encrypted" },
    ],
  },
  problems: [
    { kind: "malformed", source: bank, line: 12, detail: 'Line 12: "}" should be here.' },
    {
      kind: "unknown-key",
      source: bank,
      line: 3,
      key: "HistoryMod",
      detail: "This version of Hallway does not know this setting.",
    },
  ],
};

const notice = {
  version: "2026-1",
  en: "Conversations on this computer are recorded and kept for seven years, as the law on securities trading demands.\n\nThe compliance department may read them. Private conversations do not belong here.",
  fr: "Les conversations sur cet ordinateur sont enregistrées et conservées sept ans, comme l’exige la loi sur le commerce des valeurs mobilières.\n\nLe service de conformité peut les lire. Les conversations privées n’ont pas leur place ici.",
};

function provisioned(account: AccountRecord): AccountRecord {
  return { ...account, provisioned: true, state: "failed", error: { code: "password-needed" } };
}

/** States that the window is looked at in. */
export const scenarios = {
  company,
  managed: (): FakeState => ({ ...company(), settings: managed }),
  governed: (): FakeState => ({ ...company(), settings: governed, policy }),
  /** Everything is archived, and the archive is away; nothing young is deleted. */
  recorded: (): FakeState => ({
    ...company(),
    settings: recorded,
    app: {
      archived: [juliet, bob],
      archiveBlocked: { code: "archive-unreachable", params: { reason: "ECONNREFUSED" } },
    },
  }),
  /** One of the chats is not kept: what was said before is out of sight. */
  unkept: (): FakeState => ({
    ...company(),
    messages: companyMessages().filter(
      ({ conversationId, id }) => conversationId !== romeo || Number(id.slice(1)) > 414,
    ),
    settings: [...managed.slice(0, 2), { id: "HistoryScope", value: "external", ...decided }],
    app: { unkept: [romeo] },
  }),
  deletionOff: (): FakeState => ({
    ...company(),
    settings: [...managed, { id: "HistoryDeleteEnabled", value: false, ...decided }],
  }),
  /** Some are blocked, each in another way; one name is that of two people, and of a third who only looks like it. */
  blocked: (): FakeState => {
    const state = company();
    const { id: accountId } = xmppAccount;
    const at = now - 3 * 24 * 60 * minute;
    const [first] = smallCompany();
    const namesake = (id: string, address: string, listed: boolean) =>
      first === undefined
        ? []
        : [
            {
              ...first,
              id: contactId(id, address),
              accountId: id,
              protocol: id === sipAccount.id ? ("simple" as const) : first.protocol,
              address,
              listed,
              pinned: false,
            },
          ];
    return {
      ...state,
      accounts: [{ ...xmppAccount, facets: { ...xmppAccount.facets, blocking: { everyDevice: true } } }, sipAccount],
      contacts: [
        ...smallCompany(),
        ...namesake(sipAccount.id, "juliet@voice.corp.example", true),
        ...namesake(accountId, "juliet@bannk.example", false),
      ],
      blocked: [
        { id: romeo, accountId, scope: "person", address: "romeo@corp.example", at },
        { id: contactId(accountId, "spam.example"), accountId, scope: "domain", address: "spam.example", at },
        {
          id: contactId(accountId, "eve@elsewhere.example/Phone"),
          accountId,
          scope: "device",
          address: "eve@elsewhere.example/Phone",
          at,
        },
        { id: contactId(accountId, "@harvest.example"), accountId, scope: "strangers", address: "harvest.example", at },
      ],
    };
  },
  offline: (): FakeState => ({
    ...company(),
    accounts: [
      {
        ...xmppAccount,
        state: "failed",
        error: { code: "certificate-untrusted", params: { host: "xmpp.corp.example" } },
      },
      {
        ...sipAccount,
        state: "waiting",
        retryAt: now + 2 * minute,
        error: { code: "connection-refused", params: { host: "sip.corp.example" } },
      },
    ],
    app: { notice: { code: "storage-full" } },
  }),
  /** The organization asks everybody to accept a notice before anything signs in. */
  notice: (): FakeState => ({
    ...company(),
    app: { noticePending: true },
    settings: [...managed.slice(0, 2), { id: "ComplianceNotice", value: notice, ...decided }],
  }),
  /** The server refused the password of one account, and the other one was never entered. */
  wrongPassword: (): FakeState => ({
    ...company(),
    accounts: [
      { ...xmppAccount, state: "failed", error: { code: "wrong-password" } },
      { ...sipAccount, state: "failed", error: { code: "password-needed" } },
    ],
  }),
  managedStart: (): FakeState => ({ accounts: [provisioned(xmppAccount)], settings: managed }),
  managedStartSeveral: (): FakeState => ({
    accounts: [provisioned(xmppAccount), provisioned(sipAccount)],
    settings: managed,
  }),
  start: (): FakeState => ({}),
  vaultNew: (): FakeState => ({ app: { vault: "new", vaultReason: "no-secret-store" } }),
  vaultLocked: (): FakeState => ({ app: { vault: "locked" } }),
  vaultFailed: (): FakeState => ({ app: { vault: "failed", vaultError: { code: "vault-unavailable" } } }),
  keyChanging: (): FakeState => ({ app: { vault: "changing", vaultProgress: 0.42 } }),
  passphrase: (): FakeState => ({ ...company(), app: { vaultKind: "passphrase" } }),
  confined: (): FakeState => ({
    ...company(),
    settings: [{ id: "ScreenCaptureEnabled", value: false, origin: "policy", locked: true }],
  }),
  locked: (): FakeState => ({ app: { lockedBy: "password" }, settings: managed }),
  lockedSignIn: (): FakeState => ({ app: { lockedBy: "sign-in" } }),
  empty: (): FakeState => ({ accounts: [xmppAccount] }),
  large: (): FakeState => ({ accounts: [xmppAccount], contacts: largeCompany(10_000) }),
} as const satisfies Readonly<Record<string, () => FakeState>>;

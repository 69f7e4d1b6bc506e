import * as v from "valibot";
import { TransportSchema, webSocketPathForm } from "../model/account.ts";
import { absent, declare, itDecides } from "./declare.ts";
import { certificates, domainPattern, formOf, host, keyHash, name, port, url } from "./forms.ts";
import { boolean, list, someOf, structure } from "./kinds.ts";
import { policyProtocols } from "./protocols.ts";

/** As ServerSettings of the model, with nothing that it does not know. */
const ServerSchema = v.strictObject({
  host: v.optional(host),
  port: v.optional(port),
  transport: v.optional(TransportSchema),
  path: v.optional(v.pipe(v.string(), v.maxLength(1024), formOf(webSocketPathForm, "websocket-path"))),
  caPem: v.optional(certificates),
  pins: v.optional(v.pipe(v.array(keyHash), v.maxLength(20))),
  xcapRoot: v.optional(url("https")),
  authUser: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(1023))),
});

/**
 * Gaps such as `${user}` and `${email}` are filled from the person's sign-in to the system
 * (main/settings/provisioning.ts) and from its directory (system-person.ts). One that nobody knows costs its own
 * account and not the whole list, so it passes here.
 */
const address = v.pipe(
  v.string(),
  v.maxLength(3071),
  formOf(/^(?:\$\{[^\s@/]+\}|\{\{?[^\s@/]+\}\}?|\$[A-Za-z_]+\$?|%[^\s@/]+%|[^\s@/]+@[^\s@/]+)$/u, "address"),
);

const ProvisionedAccountSchema = v.strictObject({
  /** Stays the same while anything else of the account changes. */
  name: v.pipe(v.string(), formOf(/^[A-Za-z0-9-]{1,40}$/, "account-name")),
  protocol: v.picklist(policyProtocols),
  address,
  label: v.optional(name),
  server: v.optional(ServerSchema),
});

const authMethods = [
  "EXTERNAL",
  "SCRAM-SHA-512-PLUS",
  "SCRAM-SHA-256-PLUS",
  "SCRAM-SHA-1-PLUS",
  "SCRAM-SHA-512",
  "SCRAM-SHA-256",
  "SCRAM-SHA-1",
  "PLAIN",
  "DIGEST-SHA-512-256",
  "DIGEST-SHA-256",
  "DIGEST-MD5",
] as const;

export const accounts = {
  /** Accounts that are there without anybody typing, and that cannot be removed. */
  ProvisionedAccounts: declare({
    ...structure(
      v.pipe(
        v.array(ProvisionedAccountSchema),
        v.maxLength(20),
        v.checkItems((item, index, all) => all.findIndex((other) => other.name === item.name) === index, "same-name"),
        v.readonly(),
      ),
    ),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/accounts.test.ts: provisioned accounts appear without typing, ask for the password, and can be neither changed nor removed",
    default: [],
    restricted: [],
    example: [
      { name: "work", protocol: "xmpp", address: "${user}@example.com", label: "Example Bank" },
      {
        name: "desk",
        protocol: "simple",
        address: "${email}",
        server: { host: "sip.example.com", port: 5061, transport: "tls" },
      },
    ],
  }),
  /** May the person add, change and remove accounts? */
  AccountManagementEnabled: declare({
    ...boolean(),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/accounts.test.ts: no account is added, changed or removed while policy forbids it; the password can be entered",
    default: true,
    restricted: false,
    example: false,
  }),
  AllowedAccountDomains: declare({
    ...list(domainPattern, 1000),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/accounts.test.ts: only accounts of allowed domains are added and stay signed in",
    default: ["*"],
    restricted: [],
    example: ["example.com"],
  }),
  /** May an account be made on a server from here (XEP-0077)? */
  RegistrationEnabled: declare({
    ...boolean(),
    ...itDecides,
    ...absent,
    default: true,
    restricted: false,
    example: false,
  }),
  AnonymousLoginEnabled: declare({
    ...boolean(),
    ...itDecides,
    ...absent,
    default: true,
    restricted: false,
    example: false,
  }),
  PasswordSaveEnabled: declare({
    ...boolean(),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/accounts.test.ts: no password is stored while policy forbids it, and what was stored is deleted and asked for again",
    default: true,
    restricted: false,
    example: false,
  }),
  /** SASL mechanisms of XMPP, digest algorithms of SIP. */
  AuthMethods: declare({
    ...someOf(authMethods),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/network.test.ts: a way of signing in that policy forbids ends the session, and none is opened with it",
    default: authMethods,
    restricted: [],
    example: ["SCRAM-SHA-256-PLUS", "SCRAM-SHA-256", "DIGEST-SHA-256"],
  }),
} as const;

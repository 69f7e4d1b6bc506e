import * as v from "valibot";
import { absent, declare, itDecides, personOrPolicy } from "./declare.ts";
import { formOf, name, url } from "./forms.ts";
import { boolean, choice, formed, integer, list, structure, text } from "./kinds.ts";

/**
 * `bind`: how one says who one is there. No password stands here; `account` uses the one of the chat account of this
 * domain.
 */
const DirectorySchema = v.strictObject({
  name,
  url: url("ldaps", "ldap\\+starttls"),
  base: v.pipe(v.string(), v.maxLength(1000)),
  filter: v.optional(v.pipe(v.string(), v.maxLength(2000))),
  bind: v.optional(v.picklist(["anonymous", "account"]), "anonymous"),
});

const personal = { policy: "none", user: true, since: "0.1" } as const;
const explained =
  "main/app/app.test.ts: obeys a policy file while it runs, and gives the choice back when the file goes";

export const app = {
  /** Name shown in "Managed by". */
  OrganizationName: declare({
    ...text(200),
    ...itDecides,
    default: "",
    restricted: "",
    since: "0.1",
    example: "Example Bank",
    status: "enforced",
    test: explained,
  }),
  /** Whom to ask about a locked setting: an address, a telephone number or a page. */
  SupportContact: declare({
    ...text(500),
    ...itDecides,
    default: "",
    restricted: "",
    since: "0.1",
    example: "helpdesk@example.com",
    status: "enforced",
    test: explained,
  }),
  /** May the person open the settings? */
  PreferencesEnabled: declare({
    ...boolean(),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/preferences.test.ts: no setting is changed while policy forbids it",
    default: true,
    restricted: false,
    example: false,
  }),
  /** Settings that the person cannot change though no policy names a value; `*`: none of them. */
  LockedPreferences: declare({
    ...list(v.pipe(v.string(), formOf(/^(?:\*|[A-Z][A-Za-z0-9]{1,63})$/, "setting-name")), 200),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/preferences.test.ts: a locked setting goes back to its standard value and cannot be chosen",
    default: [],
    restricted: ["*"],
    example: ["HistoryMode", "ReceiptsEnabled"],
  }),
  /** `off`: somebody else brings new versions. */
  UpdateMode: declare({
    ...choice(["automatic", "notify", "off"]),
    ...itDecides,
    ...absent,
    default: "notify",
    restricted: "off",
    example: "off",
  }),
  /** Minutes without a key or the mouse after which Hallway asks who is there; 0: never. */
  IdleLockMinutes: declare({
    ...integer(0, 1440),
    ...personOrPolicy,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/lock.test.ts: after the minutes without anybody nothing is shown and nothing is answered until the person shows who they are",
    default: 0,
    restricted: 5,
    example: 15,
  }),
  StartAtLogin: declare({
    ...boolean(),
    ...personOrPolicy,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/window.test.ts: Hallway starts with the session as the person chooses, or as policy says",
    default: false,
    restricted: false,
    example: true,
  }),
  /**
   * True: without a policy that can be read there are no connections. While it is only damaged, the last good one
   * counts.
   */
  PolicyRequired: declare({
    ...boolean(),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/policy-required.test.ts: and taken away lets no account connect, new or old, also after a restart, until there is one again",
    default: false,
    restricted: true,
    example: true,
  }),
  /**
   * Ed25519 (RFC 8032): Linux policy files need a signature of this key. In PEM, or in base64 the 32 bytes of the key
   * or the 44 of its SPKI (RFC 8410 section 4). Empty: no signature is asked for; `unusable`: none is good.
   */
  PolicyPublicKey: declare({
    ...formed(
      500,
      /^(?:|unusable|[A-Za-z0-9+/]{43}=|[A-Za-z0-9+/]{59}=|-----BEGIN PUBLIC KEY-----(?:[A-Za-z0-9+/=\s]|\\[rn]){60,80}-----END PUBLIC KEY-----(?:\s|\\[rn])*)$/,
      "public-key",
    ),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/policy-required.test.ts: is not loosened by a file that is not signed, also after a restart, and is changed by one that is",
    default: "",
    restricted: "unusable",
    example: "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
  }),
  /** LDAP servers in which people are looked up, always over TLS. */
  DirectoryServers: declare({
    ...structure(v.pipe(v.array(DirectorySchema), v.maxLength(20), v.readonly())),
    ...itDecides,
    ...absent,
    default: [],
    restricted: [],
    example: [
      { name: "People", url: "ldaps://ldap.example.com", base: "ou=people,dc=example,dc=com", bind: "anonymous" },
    ],
  }),
  Theme: declare({
    ...choice(["system", "light", "dark"]),
    ...personal,
    default: "system",
    restricted: "system",
    example: "dark",
  }),
  Language: declare({
    ...choice(["system", "en", "fr"]),
    ...personal,
    default: "system",
    restricted: "system",
    example: "fr",
  }),
  ShowOffline: declare({ ...boolean(), ...personal, default: true, restricted: true, example: false }),
  NotificationsEnabled: declare({ ...boolean(), ...personal, default: true, restricted: false, example: true }),
  NotificationPreviewEnabled: declare({ ...boolean(), ...personal, default: true, restricted: false, example: false }),
} as const;

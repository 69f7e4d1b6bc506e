import * as v from "valibot";
import { ErrorInfoSchema } from "../errors.ts";
import { AccountFacetsSchema } from "./account-facets.ts";
import { PersonalAddressSchema } from "./address.ts";
import { OwnPresenceSchema } from "./presence.ts";

/** Id of a network (`NetworkDescription.id`); which there are is said in main/app/networks.ts alone. */
export const ProtocolSchema = v.pipe(v.string(), v.regex(/^[a-z][a-z0-9-]{0,31}$/));
export type Protocol = v.InferOutput<typeof ProtocolSchema>;

/** Random id made once for an account; stable over restarts. */
export const AccountIdSchema = v.pipe(v.string(), v.regex(/^[a-z0-9-]{8,40}$/));
export type AccountId = v.InferOutput<typeof AccountIdSchema>;

/** How the bytes travel. XMPP: starttls, direct-tls, websocket. SIMPLE: tls, tcp, udp, websocket. */
export const transports = ["starttls", "direct-tls", "tls", "tcp", "udp", "websocket"] as const;
export const TransportSchema = v.picklist(transports);
export type Transport = v.InferOutput<typeof TransportSchema>;

/** A path with its query, as a URL has it behind host and port. */
export const webSocketPathForm = /^\/(?!\/)[^\s#\\]*$/;

/** Server that the person (or IT) fixed by hand in the advanced section; all else is discovered. */
export const ServerSettingsSchema = v.object({
  host: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(255))),
  port: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65535))),
  transport: v.optional(TransportSchema),
  /** Path and query of the server's WebSocket, e.g. `/ws`; the usual one of the network when absent. */
  path: v.optional(v.pipe(v.string(), v.maxLength(1024), v.regex(webSocketPathForm))),
  /** A private certificate authority, PEM, added to the system's for this account only. */
  caPem: v.optional(v.pipe(v.string(), v.maxLength(262_144))),
  /** Base64 SHA-256 of the server key's SPKI (RFC 7469 section 2.4); when given, one must match. */
  pins: v.optional(v.array(v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{43}=$/)))),
  /**
   * Root URI of the XCAP server (RFC 4825 section 6.1), where a SIMPLE account's presence rules and contact list are
   * kept.
   */
  xcapRoot: v.optional(v.pipe(v.string(), v.maxLength(2048), v.regex(/^https?:\/\/[^\s]+$/))),
  /** Name to sign in with when it differs from the local part (SIP digest user name, SASL authcid). */
  authUser: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(1023))),
});
export type ServerSettings = v.InferOutput<typeof ServerSettingsSchema>;

/** Longest name of an account, in UTF-16 units. */
export const maxLabelLength = 200;

/** Account as it is kept on disk (never the password, which is in the vault). */
export const AccountConfigSchema = v.object({
  id: AccountIdSchema,
  protocol: ProtocolSchema,
  address: PersonalAddressSchema,
  label: v.optional(v.pipe(v.string(), v.maxLength(maxLabelLength))),
  enabled: v.boolean(),
  server: ServerSettingsSchema,
  /**
   * The name that policy ProvisionedAccounts gives it: everything else of it is IT's to say. Absent: the person's own.
   */
  provisioned: v.optional(v.pipe(v.string(), v.maxLength(40))),
  /** Set once at creation: the stable part of the resource or the SIP instance id (RFC 5626 section 4.1), a UUID. */
  deviceId: v.pipe(v.string(), v.uuid()),
});
export type AccountConfig = v.InferOutput<typeof AccountConfigSchema>;

/** States of an account; the machine is drawn in main/accounts/account-session.ts. */
export const accountStates = ["signed-out", "connecting", "online", "waiting", "failed"] as const;

/** Account as the renderer draws it. `retryAt`: milliseconds since the epoch, in state `waiting`. */
export const AccountRecordSchema = v.object({
  id: AccountIdSchema,
  protocol: ProtocolSchema,
  address: PersonalAddressSchema,
  label: v.optional(v.string()),
  enabled: v.boolean(),
  server: ServerSettingsSchema,
  /** True: the organization set it up; the person cannot change or remove it. */
  provisioned: v.optional(v.boolean()),
  state: v.picklist(accountStates),
  error: v.optional(ErrorInfoSchema),
  retryAt: v.optional(v.number()),
  /** Which server host and how it is secured, in words for the details page (e.g. `TLSv1.3`). */
  security: v.optional(v.string()),
  facets: AccountFacetsSchema,
  /** Presence chosen for this account alone; absent: the one for all accounts counts. */
  presence: v.optional(OwnPresenceSchema),
  /** True while the archive is being caught up with. */
  syncing: v.optional(v.boolean()),
});
export type AccountRecord = v.InferOutput<typeof AccountRecordSchema>;
export type AccountState = AccountRecord["state"];

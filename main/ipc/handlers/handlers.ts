import type { Args } from "../../../shared/ipc/contract.ts";
import type { Snapshot } from "../../../shared/ipc/updates.ts";
import type { ContentGuard } from "../../guard/pipeline.ts";
import type { Host } from "../../host/host.ts";
import type { TimeZoneListener } from "../../host/time-zone.ts";
import type { AppLock } from "../../lock/app-lock.ts";
import type { Attention } from "../../notifications/notifier.ts";
import type { Vault } from "../../secrets/vault.ts";
import type { Policies } from "../../settings/policies.ts";
import { policyPage } from "../../settings/policy-page.ts";
import type { AppSettings } from "../../settings/settings.ts";
import type { RosterRequests } from "../../store/roster/roster-view.ts";
import type { Handlers } from "../dispatch.ts";
import { type AccountServices, accountHandlers } from "./accounts.ts";
import { type ContactServices, contactHandlers } from "./contacts.ts";
import { type ConversationServices, conversationHandlers } from "./conversations.ts";
import { type DeletionServices, deletionHandlers } from "./deletion.ts";
import { type ExportServices, exportHandlers } from "./exports.ts";
import { type MessageServices, messageHandlers } from "./messages.ts";
import { rosterHandlers } from "./roster.ts";
import { type WindowServices, windowStateHandlers } from "./window-state.ts";

/** Services for requests that exist only while the vault is open. */
export type Services = AccountServices &
  ContactServices &
  ConversationServices &
  DeletionServices &
  ExportServices &
  MessageServices &
  WindowServices;

/** Every request of the contract, joined from one file per noun; those that need no database are here. */
export function createHandlers(parts: {
  readonly now: () => number;
  readonly snapshot: () => Snapshot;
  readonly roster: RosterRequests;
  readonly attention: (attention: Attention) => void;
  readonly quit: () => void;
  readonly changeKey: (args: Args<"vault.change">) => Promise<void>;
  readonly lock: AppLock;
  readonly activity: () => void;
  readonly timeZone: TimeZoneListener;
  /** Looks again at what could not be opened. */
  readonly retry: () => Promise<void>;
  readonly host: Host;
  readonly guard: ContentGuard;
  readonly vault: Vault;
  readonly settings: AppSettings;
  readonly policies: Policies;
  /** Throws `vault-locked` while the vault is closed. */
  readonly services: () => Services;
  readonly acceptNotice: (version: string, language: "en" | "fr") => Promise<void>;
  readonly declineNotice: (version: string, language: "en" | "fr") => Promise<void>;
}): Handlers {
  const { host, vault, settings, policies, services } = parts;
  return {
    "app.snapshot": () => parts.snapshot(),
    "app.attention"({ focused, conversationId }) {
      parts.attention({ focused, conversationId });
      return {};
    },
    "app.quit"() {
      parts.quit();
      return {};
    },
    async "app.openLink"({ url, confirmed }) {
      parts.guard.openLink(confirmed === true);
      await host.openExternal(url);
      return {};
    },
    async "app.acceptNotice"({ version, language }) {
      await parts.acceptNotice(version, language);
      return {};
    },
    async "app.declineNotice"({ version, language }) {
      await parts.declineNotice(version, language);
      return {};
    },
    "app.activity"() {
      parts.activity();
      return {};
    },
    "app.timeZone"({ zone }) {
      parts.timeZone(zone);
      return {};
    },
    async "lock.now"() {
      await parts.lock.lock();
      return {};
    },
    async "lock.unlock"({ secret, address }) {
      // Whoever types is here: the minutes begin anew.
      parts.activity();
      await parts.lock.unlock(secret, address);
      return {};
    },
    async "vault.create"({ passphrase }) {
      await vault.create(passphrase);
      return {};
    },
    async "vault.unlock"({ passphrase }) {
      await vault.unlock(passphrase);
      return {};
    },
    async "vault.change"(args) {
      await parts.changeKey(args);
      return {};
    },
    async "vault.retry"() {
      await parts.retry();
      return {};
    },
    async "settings.set"({ key, value }) {
      await settings.set(key, value);
      return {};
    },
    "policy.page": () => policyPage(settings, policies, parts.now),
    ...windowStateHandlers(services),
    ...rosterHandlers(parts.roster),
    ...accountHandlers(services),
    ...contactHandlers(services),
    ...conversationHandlers(services),
    ...messageHandlers(services),
    ...exportHandlers(services),
    ...deletionHandlers(services),
  };
}

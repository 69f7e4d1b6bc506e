import type { en } from "../en/catalogue.ts";
import type { Translation } from "../message.ts";
import { accounts } from "./accounts.ts";
import { app } from "./app.ts";
import { audit } from "./audit.ts";
import { blocking } from "./blocking.ts";
import { commandLine } from "./command-line.ts";
import { content } from "./content.ts";
import { conversation } from "./conversation.ts";
import { deletion } from "./deletion.ts";
import { errors } from "./errors.ts";
import { exporting } from "./export.ts";
import { notices } from "./notices.ts";
import { policy } from "./policy.ts";
import { policyCheck } from "./policy-check.ts";
import { refusals } from "./refusals.ts";
import { roster } from "./roster.ts";
import { accountsSettings } from "./setting-accounts.ts";
import { appSettings } from "./setting-app.ts";
import { archiveSettings } from "./setting-archive.ts";
import { contentSettings } from "./setting-content.ts";
import { encryptionSettings } from "./setting-encryption.ts";
import { filesSettings } from "./setting-files.ts";
import { historySettings } from "./setting-history.ts";
import { networkSettings } from "./setting-network.ts";
import { presenceSettings } from "./setting-presence.ts";
import { strangersSettings } from "./setting-strangers.ts";
import { settings } from "./settings.ts";

export const fr: Translation<typeof en> = {
  ...app,
  ...errors,
  ...refusals,
  ...roster,
  ...blocking,
  ...conversation,
  ...notices,
  ...content,
  ...deletion,
  ...exporting,
  ...accounts,
  ...settings,
  ...policy,
  ...policyCheck,
  ...commandLine,
  ...audit,
  ...historySettings,
  ...archiveSettings,
  ...encryptionSettings,
  ...networkSettings,
  ...accountsSettings,
  ...filesSettings,
  ...contentSettings,
  ...strangersSettings,
  ...presenceSettings,
  ...appSettings,
};

import * as v from "valibot";
import type { AccountId, AccountRecord } from "../../shared/model/account.ts";
import { type OwnPresence, OwnPresenceSchema } from "../../shared/model/presence.ts";
import { parseJson } from "../../shared/parse-json.ts";
import type { TablesWriter } from "./tables.ts";

/** Writes what is known of accounts and of the person's own presence into the live state. */
export interface AccountRecords {
  put(record: AccountRecord): void;
  remove(accountId: AccountId): void;
  /** Own presence for all accounts. */
  presence(presence: OwnPresence): void;
  /** A presence as it was kept; undefined where it cannot be read, and never `offline`: a start signs in. */
  restorePresence(text: string): OwnPresence | undefined;
}

export function createAccountRecords(tables: TablesWriter): AccountRecords {
  return {
    put: (record) => tables.put("accounts", record),
    remove: (accountId) => tables.remove("accounts", accountId),
    presence: (presence) => void tables.patch("app", "app", { presence }),
    restorePresence(text) {
      const parsed = v.safeParse(OwnPresenceSchema, parseJson(text));
      return parsed.success && parsed.output.availability !== "offline" ? parsed.output : undefined;
    },
  };
}

import { accounts } from "./accounts.ts";
import { app } from "./app.ts";
import { conversation } from "./conversation.ts";
import { errors } from "./errors.ts";
import { roster } from "./roster.ts";
import { settings } from "./settings.ts";

/** English, the source of every key. */
export const en = { ...app, ...errors, ...roster, ...conversation, ...accounts, ...settings } as const;

import type { en } from "../en/catalogue.ts";
import type { Translation } from "../message.ts";
import { accounts } from "./accounts.ts";
import { app } from "./app.ts";
import { conversation } from "./conversation.ts";
import { errors } from "./errors.ts";
import { roster } from "./roster.ts";
import { settings } from "./settings.ts";

export const fr: Translation<typeof en> = { ...app, ...errors, ...roster, ...conversation, ...accounts, ...settings };

import * as v from "valibot";
import type { AccountId } from "../../shared/model/account.ts";
import type { ConversationId, ConversationPlace } from "../../shared/model/conversation-id.ts";
import { parseJson } from "../../shared/parse-json.ts";
import { formerPlace, KeptPlaceSchema } from "./kept-place.ts";
import type { Profile } from "./profile.ts";
import type { ProfileEntry } from "./profile-store.ts";

/** Draft as the profile keeps it. Earlier versions kept its text alone. */
const KeptDraftSchema = v.strictObject({ place: KeptPlaceSchema, text: v.string() });
type KeptDraft = v.InferOutput<typeof KeptDraftSchema>;

/** Entry that keeps a draft; an empty one is forgotten. */
export function draftEntry(key: ConversationId, place: ConversationPlace, text: string): ProfileEntry {
  const kept: KeptDraft = { place, text };
  return { namespace: "draft", key, value: text === "" ? undefined : JSON.stringify(kept) };
}

/** Texts of all drafts, by conversation. */
export async function draftTexts(profile: Pick<Profile, "all">): Promise<ReadonlyMap<ConversationId, string>> {
  return new Map([...(await readDrafts(profile))].map(([id, { text }]) => [id, text]));
}

/** Entries that forget the drafts of an account. */
export async function draftsForgotten(
  profile: Pick<Profile, "all">,
  accountId: AccountId,
): Promise<readonly ProfileEntry[]> {
  return [...(await readDrafts(profile))]
    .filter(([, { place }]) => place.accountId === accountId)
    .map(([key]) => ({ namespace: "draft", key, value: undefined }));
}

async function readDrafts(profile: Pick<Profile, "all">): Promise<ReadonlyMap<ConversationId, KeptDraft>> {
  return new Map([...(await profile.all("draft"))].map(([id, value]) => [id, draftOf(id, value)]));
}

function draftOf(id: ConversationId, value: string): KeptDraft {
  const kept = v.safeParse(KeptDraftSchema, parseJson(value));
  return kept.success ? kept.output : { place: formerPlace(id), text: value };
}

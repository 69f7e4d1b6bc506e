import type { AccountId, Protocol } from "../../../shared/model/account.ts";
import type { Address } from "../../../shared/model/address.ts";
import type { ConversationPlace } from "../../../shared/model/conversation-id.ts";
import type { SettingValue } from "../../../shared/settings/declaration.ts";
import { createAudience } from "../../guard/audience.ts";
import type { FeedPolicy } from "./feed-policy.ts";

/** An account as items of the archive name it. */
export interface FedAccount {
  readonly network: Protocol | undefined;
  readonly own: Address | undefined;
}

/** Part of a conversation's place that decides whether it is archived. */
export type FedPlace = Pick<ConversationPlace, "accountId" | "address">;

/**
 * Conversations that policy has archived (ArchiveScope), and those in which nothing is sent before
 * (ArchiveRequired). Policy is read when it changes, not for every message.
 */
export class ArchiveScope {
  readonly #policy: FeedPolicy;
  readonly #account: (accountId: AccountId) => FedAccount;
  #scope: SettingValue<"ArchiveScope">;
  #required: boolean;
  #audience: ReturnType<typeof createAudience>;

  constructor(policy: FeedPolicy, account: (accountId: AccountId) => FedAccount) {
    this.#policy = policy;
    this.#account = account;
    this.#scope = policy.scope();
    this.#required = policy.required();
    this.#audience = createAudience(policy.allowedDomains());
  }

  /** False: nothing is archived at all. */
  get isAny(): boolean {
    return this.#scope !== "none";
  }

  covers({ accountId, address }: FedPlace): boolean {
    const scope = this.#scope;
    if (scope === "none" || scope === "all") return scope === "all";
    const external = this.#audience({ own: this.#account(accountId).own, peer: address });
    // Where nobody can tell, it is archived.
    return external === undefined || external === (scope === "external");
  }

  /** Whether the archive must have a message of the conversation before it is sent. */
  requires(place: FedPlace): boolean {
    return this.#required && this.covers(place);
  }

  /** Policy has changed. */
  follow(): void {
    this.#scope = this.#policy.scope();
    this.#required = this.#policy.required();
    this.#audience = createAudience(this.#policy.allowedDomains());
  }
}

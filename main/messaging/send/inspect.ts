import type { AccountId } from "../../../shared/model/account.ts";
import type { Address } from "../../../shared/model/address.ts";
import type { ContentGuard } from "../../guard/pipeline.ts";
import type { SendStage } from "../outgoing.ts";

/**
 * Leaves of a text only what the content rules let pass. Errors: `content-blocked`, and `content-warning` until the
 * person has said yes.
 */
export function inspect({
  guard,
  address,
}: {
  readonly guard: Pick<ContentGuard, "outgoing">;
  /** Own address of an account. */
  readonly address: (accountId: AccountId) => Address | undefined;
}): SendStage {
  return async (item, next) => {
    if (item.kind !== "text" && item.kind !== "correction") return next(item);
    const { place, body, confirm } = item;
    const { accountId, address: peer } = place;
    return next({ ...item, body: guard.outgoing({ own: address(accountId), peer, body, confirm }) });
  };
}

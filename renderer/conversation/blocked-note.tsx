import type { BlockRecord } from "../../shared/model/block.ts";
import { useApp } from "../state/app-context.ts";
import { Icon } from "../widgets/icons.tsx";

/**
 * Note in place of the composer while somebody is blocked. It takes the focus as a whole: no key meant for a message
 * unblocks.
 */
export function BlockedNote({ block, name }: { readonly block: BlockRecord; readonly name: string }) {
  const { words, actions } = useApp();
  const { t } = words.value;
  const isDomain = block.scope === "domain";
  return (
    <div class="blocked-note" role="note" tabIndex={-1}>
      <Icon name="block" size={18} />
      <p>{isDomain ? t("block.composerDomain", { domain: block.address }) : t("block.composer", { name })}</p>
      <button type="button" class="button" onClick={() => actions.unblock(block.id)}>
        {isDomain ? t("block.unblockDomain", { domain: block.address }) : t("menu.unblock")}
      </button>
    </div>
  );
}

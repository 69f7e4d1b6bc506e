import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ConversationId } from "../../shared/model/conversation-id.ts";
import { useApp } from "../state/app-context.ts";
import { isNarrow } from "../state/narrow.ts";
import { Dialog } from "../widgets/dialog.tsx";
import { DetailsContent } from "./details-content.tsx";

/** The details beside the chat. */
export function Details({ id }: { readonly id: ConversationId }) {
  const { ui, words } = useApp();
  const ref = useRef<HTMLElement>(null);
  const asked = ui.focusDetails.value;
  // Also when they are drawn because of it.
  useLayoutEffect(() => {
    if (!asked) return;
    ref.current?.focus();
    ui.focusDetails.value = false;
  }, [asked, ui]);
  return (
    <section ref={ref} class="details" aria-label={words.value.t("details.title")} tabIndex={-1}>
      <DetailsContent id={id} />
    </section>
  );
}

/** The details over the chat, in a window that has no room for them beside it. */
export function DetailsDrawer({ id, onClose }: { readonly id: ConversationId; readonly onClose: () => void }) {
  const { ui, words } = useApp();
  // Made wider meanwhile, the window shows them beside the chat.
  useEffect(() => {
    if (isNarrow.value) return;
    onClose();
    ui.details.value = true;
  }, [isNarrow.value]);
  return (
    <Dialog title={words.value.t("details.title")} onClose={onClose} light class="drawer">
      <div class="details-drawn">
        <DetailsContent id={id} />
      </div>
    </Dialog>
  );
}

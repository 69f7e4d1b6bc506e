import { useApp } from "../../state/app-context.ts";
import { Problem } from "../../widgets/problem.tsx";
import type { Conversation } from "../model.ts";

/** Note over the list of messages while it loads its first ones, or when it could not. */
export function LogNote({ conversation }: { readonly conversation: Conversation }) {
  const { t } = useApp().words.value;
  const state = conversation.state.value;
  if (state === "loading" && conversation.items.value.length === 0) return <p class="log-note">{t("chat.loading")}</p>;
  if (state !== "failed") return null;
  return (
    <div class="log-note">
      <Problem error={conversation.error.value ?? { code: "internal" }}>
        <button type="button" class="link-button" onClick={() => void conversation.open()}>
          {t("button.tryAgain")}
        </button>
      </Problem>
    </div>
  );
}

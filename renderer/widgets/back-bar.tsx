import { useApp } from "../state/app-context.ts";
import { Icon } from "./icons.tsx";

/** The way back to the list, over a page that scrolls, in a window too narrow for both. It has a place of its own, so that it covers nothing. */
export function BackBar({ title }: { readonly title: string }) {
  const { ui, words } = useApp();
  const label = words.value.t("button.back");
  return (
    <div class="back-bar">
      <button type="button" class="icon-button back" aria-label={label} title={label} onClick={() => (ui.pane.value = "list")}>
        <Icon name="back" class="mirrored" />
      </button>
      {/* The page says it to screen readers. */}
      <span class="name" aria-hidden="true">
        {title}
      </span>
    </div>
  );
}

import { useApp } from "../state/app-context.ts";
import { Icon } from "./icons.tsx";

/**
 * The way back to the list, over a page that scrolls, in a window too narrow for both. It has a place of its own, so
 * that it covers nothing. `titled`: the page has its own heading, and this one is not said twice.
 */
export function BackBar({ title, titled = false }: { readonly title: string; readonly titled?: boolean }) {
  const { ui, words } = useApp();
  const label = words.value.t("button.back");
  return (
    <div class="back-bar">
      <button
        type="button"
        class="icon-button back"
        aria-label={label}
        title={label}
        onClick={() => (ui.pane.value = "list")}
      >
        <Icon name="back" class="mirrored" />
      </button>
      {titled ? (
        <span class="name" aria-hidden="true">
          {title}
        </span>
      ) : (
        <h1 class="name">{title}</h1>
      )}
    </div>
  );
}

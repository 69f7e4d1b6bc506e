import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icons.tsx";

/** Placeholder where there is nothing yet: says what it is and what to do. */
export function Empty({
  icon,
  title,
  text,
  children,
}: {
  readonly icon: IconName;
  readonly title: string;
  readonly text?: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="empty">
      <span class="empty-icon">
        <Icon name={icon} size={28} />
      </span>
      <p class="empty-title">{title}</p>
      {text !== undefined && <p class="empty-text">{text}</p>}
      {children}
    </div>
  );
}

import type { Availability } from "../../shared/model/presence.ts";
import { shapeOf } from "../state/presence.ts";

/**
 * Presence as a shape: filled, bar, clock, hollow, or a question mark. The words stand beside it, so it is hidden from
 * screen readers.
 */
export function PresenceDot({
  availability,
  size = 10,
}: {
  readonly availability: Availability;
  readonly size?: number;
}) {
  const shape = shapeOf(availability);
  return (
    <svg class={`dot dot-${shape}`} width={size} height={size} viewBox="0 0 10 10" aria-hidden="true" focusable="false">
      {shape === "available" && <circle class="dot-fill" cx="5" cy="5" r="4.5" />}
      {shape === "busy" && (
        <>
          <circle class="dot-fill" cx="5" cy="5" r="4.5" />
          <rect class="dot-bar" x="2" y="4.1" width="6" height="1.8" rx="0.4" />
        </>
      )}
      {shape === "away" && (
        <>
          <circle class="dot-line" cx="5" cy="5" r="4" />
          <path class="dot-hand" d="M5 2.6V5l1.7 1" />
        </>
      )}
      {shape === "offline" && <circle class="dot-line" cx="5" cy="5" r="3.7" />}
      {shape === "unknown" && <path class="dot-hand" d="M3.2 3.4a1.9 1.9 0 1 1 2.6 1.9c-.5.2-.8.5-.8 1v.3M5 8.6v.1" />}
    </svg>
  );
}

import { type ReadonlySignal, signal } from "@preact/signals";

/** Below this there is no room for the details beside the chat; renderer/styles/panes.css has the same width. */
const query = "(max-width: 1020px)";

function follow(): ReadonlySignal<boolean> {
  // Where nothing is laid out, there is room.
  if (typeof matchMedia !== "function") return signal(false);
  const media = matchMedia(query);
  const narrow = signal(media.matches);
  media.addEventListener("change", () => (narrow.value = media.matches));
  return narrow;
}

/**
 * Whether the window has no room for the details of a chat: too narrow, or at a zoom of 200 %. They come in a drawer
 * then.
 */
export const isNarrow: ReadonlySignal<boolean> = follow();

import { signal } from "@preact/signals";
import { expect, it, vi } from "vitest";
import { LinkDialogs } from "./link-dialogs.ts";
import type { DialogState } from "./ui.ts";

it("keeps keys of what was being typed from the dialog as long as it stands, and none after it", () => {
  const dialog = signal<DialogState | undefined>(undefined);
  const release = vi.fn();
  const hold = vi.fn(() => release);
  const links = new LinkDialogs({ ui: { dialog }, typing: { hold } });
  links.show({ address: "alice@example.test" });
  expect(dialog.value).toEqual({ kind: "new-chat", fromLink: { address: "alice@example.test" } });
  expect([hold.mock.calls.length, release.mock.calls.length]).toEqual([1, 0]);
  links.show({ address: "bob@example.test" });
  expect(dialog.value).toMatchObject({ fromLink: { address: "alice@example.test" } });
  dialog.value = undefined;
  expect(release).toHaveBeenCalledOnce();
  expect(dialog.value).toMatchObject({ fromLink: { address: "bob@example.test" } });
  links.dispose();
});

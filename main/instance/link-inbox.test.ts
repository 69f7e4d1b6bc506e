import { expect, it, vi } from "vitest";
import { LinkInbox } from "./link-inbox.ts";

it("holds the last link until links can be opened, and then hands on each once", () => {
  const inbox = new LinkInbox("im:first@example.test");
  expect(inbox.waiting).toBe("im:first@example.test");
  inbox.put("im:second@example.test");
  const open = vi.fn();
  inbox.openWith(open);
  expect([inbox.waiting, open.mock.calls]).toEqual([undefined, [["im:second@example.test"]]]);
  inbox.put("im:third@example.test");
  expect(open.mock.calls.flat()).toEqual(["im:second@example.test", "im:third@example.test"]);
  const none = vi.fn();
  new LinkInbox().openWith(none);
  expect(none).not.toHaveBeenCalled();
});

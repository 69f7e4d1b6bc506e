import { expect, it, vi } from "vitest";
import { FakeApp } from "./fake-electron.test-helper.ts";
import { FakeEvent } from "./fake-window.test-helper.ts";
import { claimLinks, followLinks } from "./links.ts";

it("takes links of macOS and of a second start, and shows nothing for one without a link", () => {
  const app = new FakeApp();
  const open = vi.fn();
  followLinks(app, open);
  const event = new FakeEvent();
  app.emit("open-url", event, "xmpp:alice@example.test");
  expect(event.defaultPrevented).toBe(true);
  app.emit("second-instance", {}, ["/opt/hallway", "--original-process-start-time=1"], "/home/alice");
  app.emit("second-instance", {}, ["/opt/hallway", "im:bob@example.test", "--original-process-start-time=1"], "/");
  expect(open.mock.calls).toEqual([["xmpp:alice@example.test"], ["im:bob@example.test"]]);
});

it.each<[NodeJS.Platform, readonly string[]]>([
  ["win32", ["xmpp", "im", "pres"]],
  ["darwin", ["xmpp", "im", "pres"]],
  ["linux", []],
])("on %s becomes the program for links that no other program opens", (platform, claimed) => {
  const app = new FakeApp();
  app.handlers.set("sip", "Softphone").set("sips", "Softphone");
  claimLinks(app, platform);
  const own = [...app.handlers].filter(([, name]) => name === "Hallway").map(([scheme]) => scheme);
  expect(own).toEqual(claimed);
  expect(app.handlers.get("sip")).toBe("Softphone");
});

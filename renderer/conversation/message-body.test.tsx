// @vitest-environment jsdom
import { afterEach, expect, it, vi } from "vitest";
import { type SettingValue, settings } from "../../shared/settings/declaration.ts";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { scenarios } from "../dev/scenarios.ts";
import { Dialogs } from "../frame/dialogs.tsx";
import { MessageBody } from "./message-body.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

async function setUp(mode: SettingValue<"LinkMode">) {
  // jsdom has the element but not its methods.
  HTMLDialogElement.prototype.showModal ??= function showModal() {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function close() {
    this.open = false;
  };
  drawn = draw(scenarios.company(), () => (
    <>
      <MessageBody body="See https://example.com/path." />
      <Dialogs />
    </>
  ));
  await vi.waitFor(() => expect(drawn.app.replica.ready.value).toBe(true));
  const record = { id: "LinkMode", value: mode, origin: "policy", locked: true } as const;
  drawn.fake.publish([{ op: "put", table: "settings", id: "LinkMode", record }]);
  await vi.waitFor(() => expect(drawn.app.replica.settings.get("LinkMode")?.value).toBe(mode));
  return {
    link: () => drawn.root.querySelector("a"),
    opened: () => drawn.fake.calls.filter(({ method }) => method === "app.openLink").map(({ args }) => args),
  };
}

it("opens a link at a click", async () => {
  const { link, opened } = await setUp(settings.LinkMode.default);
  link()?.click();
  expect(opened()).toEqual([{ url: "https://example.com/path" }]);
});

it("asks first where policy wants that, and shows where it leads", async () => {
  const { link, opened } = await setUp("warn");
  await vi.waitFor(() => {
    link()?.click();
    expect(drawn.root.querySelector("dialog")?.textContent).toContain("https://example.com/path");
  });
  expect(opened()).toEqual([]);
  drawn.root.querySelector<HTMLButtonElement>("dialog button[type=submit]")?.click();
  await vi.waitFor(() => expect(opened()).toEqual([{ url: "https://example.com/path", confirmed: true }]));
  await vi.waitFor(() => expect(drawn.root.querySelector("dialog")).toBeNull());
});

it.each(["text", "block"] as const)("shows plain text where policy says %s", async (mode) => {
  const { link } = await setUp(mode);
  await vi.waitFor(() => expect(link()).toBeNull());
  expect(drawn.root.textContent).toContain("https://example.com/path");
});

it("marks what was searched for, also in a link", async () => {
  await setUp(settings.LinkMode.default);
  drawn.dispose();
  drawn = draw(scenarios.company(), () => <MessageBody body="⚠️Server at https://server.example" searched="serv" />);
  await vi.waitFor(() =>
    expect([...drawn.root.querySelectorAll("mark")].map((mark) => mark.textContent)).toEqual(["Server", "server"]),
  );
  expect(drawn.root.querySelector("a mark")?.textContent).toBe("server");
  expect(drawn.root.textContent).toBe("⚠️Server at https://server.example");
});

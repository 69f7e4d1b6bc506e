// @vitest-environment jsdom
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createFakeMain, type FakeMain } from "../dev/fake-main.ts";
import { xmppAccount } from "../dev/people.ts";
import { scenarios } from "../dev/scenarios.ts";
import { createClient } from "../ipc/client.ts";
import { Replica } from "./replica.ts";
import { createUi, type Ui } from "./ui.ts";
import { KeptWindow } from "./window-state.ts";

const juliet = `${xmppAccount.id}|juliet@bank.example`;
const bob = `${xmppAccount.id}|bob@corp.example`;
let fake: FakeMain;

/** A window over the same main: what a restart is. */
async function open(): Promise<{ ui: Ui; kept: KeptWindow; close(): void }> {
  const client = createClient(fake.transport);
  const replica = new Replica({
    client,
    schedule: (work) => {
      const timer = setTimeout(work);
      return () => clearTimeout(timer);
    },
    elapsed: () => performance.now(),
  });
  const ui = createUi();
  const kept = new KeptWindow({ client, replica, ui });
  const answered = fake.calls.filter(({ method }) => method === "app.windowState").length + 1;
  replica.start();
  await vi.waitFor(() =>
    expect(fake.calls.filter(({ method }) => method === "app.windowState")).toHaveLength(answered),
  );
  await new Promise((resolve) => setTimeout(resolve));
  return {
    ui,
    kept,
    close() {
      window.dispatchEvent(new Event("pagehide"));
      kept.dispose();
      replica.dispose();
      client.dispose();
    },
  };
}

beforeEach(() => {
  fake = createFakeMain(scenarios.company());
});

describe("how the window was left", () => {
  it("comes back after a restart: folded groups and reading places", async () => {
    const first = await open();
    first.ui.collapsed.value = new Set(["group:Sales"]);
    first.kept.placeOf(juliet).move({ anchor: "m7", atEnd: false });
    first.kept.placeOf(bob).move({ anchor: "m9", atEnd: true });
    first.close();
    const second = await open();
    expect([...second.ui.collapsed.value]).toEqual(["group:Sales"]);
    expect(second.kept.placeOf(juliet)).toMatchObject({ anchor: "m7", atEnd: false });
    expect(second.kept.placeOf(bob)).toMatchObject({ anchor: undefined, atEnd: true });
    second.close();
  });

  it("is kept a moment after a change, and not again when nothing changed", async () => {
    const { kept, close } = await open();
    const saved = (): number => fake.calls.filter(({ method }) => method === "app.keepWindowState").length;
    kept.placeOf(juliet).move({ anchor: "m7", atEnd: false });
    await vi.waitFor(() => expect(saved()).toBe(1));
    kept.placeOf(juliet).move({ anchor: "m7" });
    close();
    expect(saved()).toBe(1);
  });

  it("keeps a hundred places, the last ones left", async () => {
    const { kept, close } = await open();
    for (let n = 0; n < 150; n++)
      kept.placeOf(`${xmppAccount.id}|p${n}@x.example`).move({ anchor: `m${n}`, atEnd: false });
    close();
    const second = await open();
    expect(second.kept.placeOf(`${xmppAccount.id}|p149@x.example`).anchor).toBe("m149");
    expect(second.kept.placeOf(`${xmppAccount.id}|p49@x.example`).anchor).toBeUndefined();
    second.close();
  });
});

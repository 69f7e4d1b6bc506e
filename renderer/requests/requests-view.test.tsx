// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import type { RequestRecord } from "../../shared/model/contact.ts";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { xmppAccount } from "../dev/people.ts";
import { RequestsView } from "./requests-view.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

const request = (n: number): RequestRecord => ({
  id: `${xmppAccount.id}|stranger${n}@other.example`,
  accountId: xmppAccount.id,
  protocol: "xmpp",
  address: `stranger${n}@other.example`,
  kind: "presence",
  at: 1_000 - n,
});
describe("requests", () => {
  it.each(["Accept", "Decline", "Block"])(
    "%s hands the focus to the next request, never to a button that answers it, and at last to the heading",
    async (answer) => {
      drawn = draw({ accounts: [xmppAccount], requests: [request(1), request(2), request(3)] }, () => <RequestsView />);
      const items = (): Element[] => [...drawn.root.querySelectorAll("li")];
      await vi.waitFor(() => expect(items()).toHaveLength(3));
      for (const [n, left, next] of [
        [2, 2, 1],
        [3, 1, 0],
      ] as const) {
        const pressed = [...drawn.root.querySelectorAll<HTMLButtonElement>("button")].find(
          (one) => one.ariaLabel?.startsWith(answer) === true && one.ariaLabel.includes(`stranger${n}@`),
        );
        pressed?.focus();
        pressed?.click();
        await vi.waitFor(() => expect(items()).toHaveLength(left));
        await vi.waitFor(() => expect(document.activeElement).toBe(items()[next]));
      }
      const last = [...drawn.root.querySelectorAll<HTMLButtonElement>("button")].find((one) => one.ariaLabel?.startsWith(answer) === true);
      last?.focus();
      last?.click();
      await vi.waitFor(() => expect(document.activeElement?.tagName).toBe("H1"));
    },
  );

  it("one that goes by itself takes the focus from nobody", async () => {
    drawn = draw({ accounts: [xmppAccount], requests: [request(1), request(2)] }, () => <RequestsView />);
    await vi.waitFor(() => expect(drawn.root.querySelectorAll("li")).toHaveLength(2));
    drawn.fake.publish([{ op: "remove", table: "requests", id: request(1).id }]);
    await vi.waitFor(() => expect(drawn.root.querySelectorAll("li")).toHaveLength(1));
    expect(document.activeElement).toBe(document.body);
  });
});

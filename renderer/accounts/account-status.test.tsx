// @vitest-environment jsdom
import { afterEach, expect, it, vi } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { xmppAccount } from "../dev/people.ts";
import { AccountStatus } from "./account-status.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

it("says that a server asks for a weaker way of signing in, and allows that one only when the person says so", async () => {
  const error = { code: "weaker-sign-in", params: { before: "SCRAM-SHA-256-PLUS", now: "PLAIN" } } as const;
  drawn = draw({}, () => <AccountStatus account={{ ...xmppAccount, state: "failed", error }} />);
  await vi.waitFor(() =>
    expect(drawn.root.textContent).toContain("only a weaker sign-in method (PLAIN) than before (SCRAM-SHA-256-PLUS)"),
  );
  expect(drawn.fake.calls).not.toContainEqual(expect.objectContaining({ method: "accounts.allowWeakerSignIn" }));
  [...drawn.root.querySelectorAll("button")]
    .find((button) => button.textContent === "Allow the weaker sign-in")
    ?.click();
  await vi.waitFor(() =>
    expect(drawn.fake.calls).toContainEqual(
      expect.objectContaining({
        method: "accounts.allowWeakerSignIn",
        args: { accountId: xmppAccount.id, method: "PLAIN" },
      }),
    ),
  );
});

// @vitest-environment jsdom
import { afterEach, expect, it, vi } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { FirstStart } from "./first-start.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

it.each([true, false])(
  "says that the organization's accounts cannot be read, whether the person may add their own or not (%s)",
  async (own) => {
    drawn = draw(
      {
        settings: [
          { id: "AccountManagementEnabled", value: own, origin: "policy", locked: true },
          {
            id: "ProvisionedAccounts",
            value: [],
            origin: "policy",
            locked: true,
            error: {
              code: "policy-invalid",
              params: { setting: "ProvisionedAccounts", path: "ProvisionedAccounts[0].address" },
            },
          },
        ],
      },
      () => <FirstStart />,
    );
    await vi.waitFor(() =>
      expect(drawn.root.textContent).toContain(
        "A rule of your organization could not be read (ProvisionedAccounts[0].address).",
      ),
    );
    expect(drawn.root.querySelectorAll("form")).toHaveLength(own ? 1 : 0);
  },
);

it("says nothing of accounts where there are none to read", async () => {
  drawn = draw({}, () => <FirstStart />);
  await vi.waitFor(() => expect(drawn.root.querySelector("form")).not.toBeNull());
  expect(drawn.root.querySelector(".problem")).toBeNull();
});

// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import { type Drawn, draw, type } from "../dev/drawn.tsx";
import { SignInForm } from "./sign-in-form.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

function setUp() {
  const onDone = vi.fn();
  drawn = draw({}, () => <SignInForm onDone={onDone} />);
  const inputs = (): HTMLInputElement[] => [...drawn.root.querySelectorAll<HTMLInputElement>(".field-box input")];
  const fill = (): void => {
    const [address, password] = inputs();
    if (address !== undefined && password !== undefined) {
      type(address, " me@corp.example ");
      type(password, "secret");
    }
  };
  const button = (text: string): HTMLButtonElement | undefined =>
    [...drawn.root.querySelectorAll("button")].find((other) => other.textContent?.trim() === text);
  const calls = (method: string): unknown[] =>
    drawn.fake.calls.filter((call) => call.method === method).map(({ args }) => args);
  return { onDone, inputs, fill, button, calls };
}

describe("sign-in form", () => {
  it("asks for what is missing before it asks main", async () => {
    const { button, calls } = setUp();
    button("Sign in")?.click();
    await vi.waitFor(() => expect(drawn.root.textContent).toContain("Enter your address."));
    expect(drawn.root.textContent).toContain("Enter your password.");
    expect(calls("accounts.add")).toEqual([]);
  });

  it("says in words what went wrong and what to do, and keeps what was typed", async () => {
    const { onDone, inputs, fill, button, calls } = setUp();
    fill();
    drawn.fake.failNext("accounts.add", { code: "unknown-host", params: { host: "corp.example" } });
    await vi.waitFor(() => {
      button("Sign in")?.click();
      expect(calls("accounts.add")).toEqual([{ address: "me@corp.example", password: "secret", server: {} }]);
    });
    await vi.waitFor(() =>
      expect(drawn.root.querySelector('[role="alert"]')?.textContent).toBe(
        "No server was found for corp.example.Check the part of the address after the @, or enter the server under Advanced.",
      ),
    );
    expect(
      inputs()
        .slice(0, 2)
        .map(({ value }) => value),
    ).toEqual([" me@corp.example ", "secret"]);
    expect(onDone).not.toHaveBeenCalled();
  });

  it.each([
    ["wrong-password", 1],
    ["sign-in-refused", 1],
    ["account-refused", 1],
    ["unknown-host", 0],
    ["invalid-address", 0],
  ] as const)(
    "after %s the focus is in the field to correct, with its text selected, and never left the form",
    async (code, index) => {
      const { inputs, fill } = setUp();
      fill();
      inputs()[1]?.focus();
      drawn.fake.failNext("accounts.add", { code });
      const release = drawn.fake.hold("accounts.add");
      await vi.waitFor(() => expect(inputs()[1]?.value).toBe("secret"));
      inputs()[1]?.form?.requestSubmit();
      await vi.waitFor(() => expect(drawn.root.querySelector('[role="status"]')).not.toBeNull());
      expect(document.activeElement).toBe(inputs()[1]);
      expect(inputs()[1]?.readOnly).toBe(true);
      release();
      await vi.waitFor(() => expect(drawn.root.querySelector('[role="alert"]')).not.toBeNull());
      const field = inputs()[index];
      expect(document.activeElement).toBe(field);
      expect([field?.selectionStart, field?.selectionEnd]).toEqual([0, field?.value.length]);
    },
  );

  it.each(["certificate-untrusted", "certificate-expired", "connection-refused", "timed-out", "internal"] as const)(
    "after %s nothing that was typed is selected: the focus is on the button that tries again",
    async (code) => {
      const { inputs, fill, button } = setUp();
      fill();
      await vi.waitFor(() => expect(inputs()[1]?.value).toBe("secret"));
      inputs()[1]?.focus();
      drawn.fake.failNext("accounts.add", { code });
      inputs()[1]?.form?.requestSubmit();
      await vi.waitFor(() => expect(drawn.root.querySelector('[role="alert"]')).not.toBeNull());
      expect(document.activeElement).toBe(button("Sign in"));
      expect(inputs()[1]?.value).toBe("secret");
    },
  );

  it("a server that the person named and that is not found is corrected in its own field, and so is a port that is none", async () => {
    const { inputs, fill, button, calls } = setUp();
    drawn.root.querySelector("details")?.setAttribute("open", "");
    fill();
    const field = (label: string): HTMLInputElement => {
      const found = [...drawn.root.querySelectorAll("label")].find(({ textContent }) => textContent === label);
      return (
        (found && drawn.root.querySelector<HTMLInputElement>(`[id="${found.htmlFor}"]`)) ??
        document.createElement("input")
      );
    };
    type(field("Server"), "nowhere.example");
    // At once, as a password manager fills them.
    type(field("Port"), "0");
    await vi.waitFor(() => expect(drawn.root.textContent).toContain("Enter a number from 1 to 65535."));
    button("Sign in")?.click();
    await vi.waitFor(() => expect(document.activeElement).toBe(field("Port")));
    expect(calls("accounts.add")).toEqual([]);
    type(field("Port"), "");
    await vi.waitFor(() => expect(drawn.root.textContent).not.toContain("Enter a number from 1 to 65535."));
    drawn.fake.failNext("accounts.add", { code: "unknown-host" });
    button("Sign in")?.click();
    await vi.waitFor(() => expect(drawn.root.querySelector('[role="alert"]')).not.toBeNull());
    expect(document.activeElement).toBe(field("Server"));
    expect(inputs()[1]?.value).toBe("secret");
  });

  it("shows progress, and Cancel stops it without an error", async () => {
    const { onDone, inputs, fill, button, calls } = setUp();
    drawn.fake.hold("accounts.add");
    fill();
    await vi.waitFor(() => {
      button("Sign in")?.click();
      expect(drawn.root.querySelector('[role="status"]')?.textContent).toBe("Finding the server and signing in…");
    });
    button("Cancel")?.click();
    await vi.waitFor(() => expect(button("Sign in")).toBeDefined());
    expect(calls("accounts.cancelAdd")).toHaveLength(1);
    expect(drawn.root.querySelector('[role="alert"]')).toBeNull();
    expect(inputs()[1]?.value).toBe("secret");
    expect(onDone).not.toHaveBeenCalled();
  });

  it("is done when main has signed in", async () => {
    const { onDone, fill, button } = setUp();
    fill();
    await vi.waitFor(() => {
      button("Sign in")?.click();
      expect(onDone).toHaveBeenCalledOnce();
    });
  });
});

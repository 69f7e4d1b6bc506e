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
  const calls = (method: string): unknown[] => drawn.fake.calls.filter((call) => call.method === method).map(({ args }) => args);
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

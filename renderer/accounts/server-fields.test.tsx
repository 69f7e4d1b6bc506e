// @vitest-environment jsdom
import { afterEach, expect, it, vi } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { ServerFields } from "./server-fields.tsx";
import { emptyServerForm } from "./server-form.ts";

let drawn: Drawn;
afterEach(() => drawn.dispose());

const certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";

it.each([
  [262_144, true],
  [262_145, false],
])("takes a certificate file of %i bytes: %s", async (size, isTaken) => {
  const onForm = vi.fn();
  drawn = draw({}, () => <ServerFields form={emptyServerForm} onForm={onForm} />);
  const input = drawn.root.querySelector<HTMLInputElement>("input[type=file]");
  if (input === null) throw new Error("There is no field for a file");
  const text = certificate.padEnd(size, "\n");
  // jsdom reads no files.
  const file = Object.assign(new File([text], "ca.pem"), { text: async () => text });
  Object.defineProperty(input, "files", { value: [file] });
  Object.defineProperty(input, "value", { value: "", writable: true });
  input.dispatchEvent(new Event("change", { bubbles: true }));
  await vi.waitFor(() =>
    expect([onForm.mock.calls.length, drawn.root.querySelectorAll("[role=alert]").length]).toEqual(
      isTaken ? [1, 0] : [0, 1],
    ),
  );
  if (isTaken) expect(onForm).toHaveBeenCalledWith({ caPem: text, caFile: "ca.pem" });
});

// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";
import type { AppRecord } from "../../shared/model/app.ts";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { Banners } from "./banners.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

const notice = (value: AppRecord["notice"] | null): void =>
  drawn.fake.publish([{ op: "patch", table: "app", id: "app", fields: { notice: value ?? null } }]);
const text = (): string => drawn.root.textContent ?? "";

describe("what concerns the whole window", () => {
  it("can be dismissed, stays away while it lasts, and is news again when it comes again", async () => {
    drawn = draw({ app: { notice: { code: "storage-full" } } }, () => <Banners />);
    await vi.waitFor(() => expect(text()).toContain("The disk is full."));
    drawn.root.querySelector("button")?.click();
    await vi.waitFor(() => expect(text()).toBe(""));
    notice({ code: "storage-full" });
    notice({ code: "storage-failed" });
    await vi.waitFor(() => expect(drawn.root.querySelector("button")).not.toBeNull());
    notice({ code: "storage-full" });
    await vi.waitFor(() => expect(text()).toBe(""));
    notice(null);
    await vi.waitFor(() => expect(drawn.app.replica.app.peek("app")?.notice).toBeUndefined());
    await new Promise((resolve) => setTimeout(resolve, 50));
    notice({ code: "storage-full" });
    await vi.waitFor(() => expect(text()).toContain("The disk is full."));
  });

  it("says that the archive keeps messages from being sent, for as long as it does", async () => {
    drawn = draw(
      { app: { archiveBlocked: { code: "archive-unreachable", params: { reason: "ECONNREFUSED" } } } },
      () => <Banners />,
    );
    await vi.waitFor(() => expect(text()).toContain("Your organization’s archive cannot be reached."));
    expect(text()).toContain("are sent automatically");
    expect(drawn.root.querySelector("button")).toBeNull();
    drawn.fake.publish([{ op: "patch", table: "app", id: "app", fields: { archiveBlocked: null } }]);
    await vi.waitFor(() => expect(text()).toBe(""));
  });
});

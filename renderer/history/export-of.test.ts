import { expect, test } from "vitest";
import { exportOf } from "./export-of.ts";

test("a search becomes the same question for an export", () => {
  expect(
    exportOf({
      text: " budget ",
      filter: {
        conversationIds: ["account-1|bob@x.example"],
        authors: [{ isSelf: true }],
        from: 1,
        to: 2,
        hasFile: true,
      },
    }),
  ).toEqual({
    text: "budget",
    conversationId: "account-1|bob@x.example",
    authors: [{ isSelf: true }],
    from: 1,
    to: 2,
    hasFile: true,
  });
  expect(
    exportOf({
      text: "",
      filter: { conversationIds: ["account-1|bob@x.example", "account-2|bob@x.example", "account-1|eve@x.example"] },
    }),
  ).toEqual({
    peers: ["bob@x.example", "eve@x.example"],
  });
  expect(exportOf({ text: "everyone" })).toEqual({ text: "everyone" });
});

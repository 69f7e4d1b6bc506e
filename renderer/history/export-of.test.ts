import { expect, test } from "vitest";
import { placeOf } from "../../shared/model/conversation-id.ts";
import { exportOf } from "./export-of.ts";

test("a search becomes the same question for an export", () => {
  expect(
    exportOf(
      {
        text: " budget ",
        filter: {
          conversationIds: ["account-1|bob@x.example"],
          authors: [{ isSelf: true }],
          from: 1,
          to: 2,
          hasFile: true,
        },
      },
      placeOf,
    ),
  ).toEqual({
    text: "budget",
    conversationId: "account-1|bob@x.example",
    authors: [{ isSelf: true }],
    from: 1,
    to: 2,
    hasFile: true,
  });
  expect(
    exportOf(
      {
        text: "",
        filter: { conversationIds: ["account-1|bob@x.example", "account-2|bob@x.example", "account-1|eve@x.example"] },
      },
      placeOf,
    ),
  ).toEqual({
    peers: ["bob@x.example", "eve@x.example"],
  });
  expect(exportOf({ text: "everyone" }, placeOf)).toEqual({ text: "everyone" });
});

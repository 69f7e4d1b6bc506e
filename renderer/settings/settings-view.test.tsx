// @vitest-environment jsdom
import { afterEach, expect, it } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { PolicyPage } from "../policy/policy-page.tsx";
import { SettingsView } from "./settings-view.tsx";

let drawn: Drawn;
afterEach(() => drawn.dispose());

it.each([
  ["the settings", SettingsView, ".settings"],
  ["the policy page", PolicyPage, "h1"],
] as const)(
  "%s: the focus is there as soon as it is drawn, so that it is not taken from what is gone on to",
  (_, View, first) => {
    drawn = draw({}, () => <View />);
    expect(document.activeElement).toBe(drawn.root.querySelector(first));
  },
);

// @vitest-environment jsdom

import { afterEach, describe, expect, it } from "vitest";
import { type Drawn, draw } from "../dev/drawn.tsx";
import { networks } from "../dev/networks.ts";
import { scenarios } from "../dev/scenarios.ts";
import { isPerhapsUnread, ServiceNote } from "./service-note.tsx";

let drawn: Drawn | undefined;
afterEach(() => drawn?.dispose());

describe("a server or service", () => {
  it.each([
    ["xmpp", "rooms.corp.example", true],
    ["xmpp", "corp.example", true],
    ["xmpp", "zoe@corp.example", false],
    ["xmpp", "user%host@gateway.corp.example", false],
    ["simple", "gateway.corp.example", false],
    ["simple", "tel:+15550100", false],
    [undefined, "corp.example", false],
  ] as const)("on %s, %s: perhaps nobody reads there is %j", (protocol, address, expected) => {
    expect(
      isPerhapsUnread(
        networks.find(({ id }) => id === protocol),
        address,
      ),
    ).toBe(expected);
  });

  it("is said to be no person", () => {
    drawn = draw(scenarios.company(), () => <ServiceNote name="rooms.corp.example" />);
    expect(drawn.root.querySelector("[role=note]")?.textContent).toBe(
      "rooms.corp.example is a server or a service, not a person. What you write here may not be read by anyone.",
    );
  });
});

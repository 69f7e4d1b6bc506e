import { afterEach, beforeEach, expect, it } from "vitest";
import { createDesks, type Desks } from "../enforcement/desks.test-helper.ts";
import { createRecordedNetwork } from "../enforcement/recorded-network.test-helper.ts";
import type { NetworkEnvironment } from "../networks/environment.ts";

let desks: Desks;
beforeEach(async () => {
  desks = await createDesks();
});
afterEach(() => desks.close());

it("has the networks read texts in the language that the person chose, from then on", async () => {
  let environment: NetworkEnvironment | undefined;
  const desk = await desks.open({
    networks: (given) => {
      environment = given;
      return new Map([["xmpp", createRecordedNetwork("xmpp", [])]]);
    },
  });
  await desk.request("settings.set", { key: "Language", value: "fr" });
  expect(environment?.language).toMatch(/^fr/);
  await desk.request("settings.set", { key: "Language", value: "en" });
  expect(environment?.language).toMatch(/^en/);
});

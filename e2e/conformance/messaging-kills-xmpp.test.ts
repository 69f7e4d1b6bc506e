import { afterAll, beforeAll, describe } from "vitest";
import { startProsody } from "../servers/prosody.ts";
import { describeKills, describeKillsWithoutArchive } from "./messaging-kills.ts";
import { startXmppHarnesses } from "./xmpp-harness.ts";

type Name = "with archive" | "without archive";
/** The server asks for an acknowledgement after every stanza, as Prosody does unless it is told otherwise. */
const asksOften = { maxUnacked: 0 };
/** It keeps nothing of what was acknowledged, and soon gives up the session of a program that died. */
const keepsNothing = { without: ["mam"], resumable: 2 };

describe("messages over Prosody", () => {
  let stage: Awaited<ReturnType<typeof startXmppHarnesses<Name>>> | undefined;
  beforeAll(async () => {
    stage = await startXmppHarnesses<Name>(["with archive", "without archive"], (domain, certificate, name) =>
      startProsody({ domain, certificate, ...asksOften, ...(name === "without archive" ? keepsNothing : {}) }),
    );
  });
  afterAll(() => stage?.stop());
  const harness = (name: Name) => {
    if (!stage) throw new Error("the servers did not start");
    return stage.harness(name);
  };
  describeKills(() => harness("with archive"));
  describeKillsWithoutArchive(() => harness("without archive"));
});

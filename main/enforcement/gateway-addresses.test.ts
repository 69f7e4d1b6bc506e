import { describe, expect, it } from "vitest";
import { Gateways } from "./gateways.ts";

describe("an address inside an address", () => {
  const gateways = new Gateways(() => false as never);
  it.each([
    "bob*sip.example@gw.example",
    "a%b.example@gw.example",
    "a%40b.example@gw.example",
    "a\\40b.example@gw.example",
  ])("is %s", (address) => expect(gateways.refusal(address)).toBeDefined());
  it.each([
    "bob@sip.example",
    "*97@pbx.example",
    "12*34@pbx.example",
    "b.c@d.example",
    "100%@x.example",
    "a*@b.example",
  ])("is not %s", (address) => expect(gateways.refusal(address)).toBeUndefined());
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { minimumBits, passphraseStrength } from "./strength.ts";

const known = ["Example Bank", "marie.dupont@bank.example"];

describe("the strength of a passphrase", () => {
  it.each([
    ["password", "common"],
    ["Password1!", "common"],
    ["P@ssw0rd!", "common"],
    ["drowssap", "common"],
    ["MotDePasse", "common"],
    ["pass\u00adword\u200b", "common"],
    ["ｐａｓｓｗｏｒｄ", "common"],
    ["hallwayhallway1", "repeat"],
    ["password password password", "repeat"],
    ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "repeat"],
    ["пароль пароль пароль", "repeat"],
    ["12345678901234567890", "repeat"],
    ["0987654321", "sequence"],
    ["qwertyuiop", "sequence"],
    ["azertyuiop", "sequence"],
    ["1qaz2wsx3edc", "sequence"],
    ["zyxwvutsrqponmlkjihgfedcba", "sequence"],
    ["1q2w3e4r5t6y", "sequence"],
    ["1 2 3 4 5 6 7 8 9 10 11 12", "sequence"],
    ["p a s s w o r d", "common"],
    ["m-o-t d-e p-a-s-s-e", "common"],
    ["correct horse battery staple", "common"],
    ["CorrectHorseBatteryStaple1", "common"],
    ["To be, or not to be", "common"],
    ["Je t’aime, mon amour", "common"],
    ["monday tuesday wednesday", "common"],
    ["il était une fois", "common"],
    ["31.12.1984 31.12.1984", "repeat"],
    ["31.12.1984", "date"],
    ["1984-12-31", "date"],
    ["Marie.Dupont!", "own"],
    ["examplebank", "own"],
    ["windmill", "short"],
    ["long enough", "short"],
    ["Tr0ub4dor&3", "short"],
    ["x7Kp2v", "short"],
    ["", "short"],
  ])("%s is too easy to guess: %s", (passphrase, weakness) => {
    expect(passphraseStrength(passphrase, known)).toEqual({ bits: expect.any(Number), weakness });
    expect(passphraseStrength(passphrase, known).bits).toBeLessThan(minimumBits);
  });

  it.each([
    "battery horse staple",
    "lamp orchid granite velvet",
    "копыто гранит лампа фонарь",
    "purple monkey dishwasher",
    "plume tracteur orage",
    "dessus chaise velours miroir",
    "jX9#mK2$vL",
    "x7Kp2vQm9Rt4",
    "xkqzvbtrwp",
    "8F3a-92Lq-77Zp",
  ])("%s will do", (passphrase) => {
    expect(passphraseStrength(passphrase, known).weakness).toBeUndefined();
  });

  it("what is known of the person counts for them alone", () => {
    expect(passphraseStrength("marigold dupontel orchard").weakness).toBeUndefined();
    expect(passphraseStrength("marigold orchard velvet", ["marigold@orchard.example", "Velvet"]).weakness).toBe("own");
  });

  it("any text is estimated, however long", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const { bits, weakness } = passphraseStrength(text);
        expect(bits).toBeGreaterThanOrEqual(0);
        expect(weakness === undefined).toBe(bits >= minimumBits);
      }),
    );
    expect(passphraseStrength("a".repeat(100_000)).weakness).toBe("repeat");
  });
});

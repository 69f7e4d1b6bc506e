import { expect, it } from "vitest";
import { foldCharacter, foldShape } from "./fold.ts";

it.each([
  ["a", "aAᴀⱥáＡⓐ𝐚🅐"],
  ["b", "ʙƀƃɓβⲃ"],
  ["c", "ᴄȼƈç"],
  ["d", "ᴅɖɗđ"],
  ["e", "ᴇɇⱻé"],
  ["f", "ꜰƒ"],
  ["g", "ɢǥɠ"],
  ["h", "ʜħɦ"],
  ["i", "ɪɨı"],
  ["j", "ᴊɉʝ"],
  ["k", "ᴋƙꝁ"],
  ["l", "ʟƚɫɬł"],
  ["m", "ᴍɱ"],
  ["n", "ɴɲƞñ"],
  ["o", "ᴏɵøǫ"],
  ["p", "ᴘᵽƥ"],
  ["q", "ꞯɋ"],
  ["r", "ʀɍɽ"],
  ["s", "ꜱʂ"],
  ["t", "ᴛŧƭⱦ"],
  ["u", "ᴜʉüʋ"],
  ["v", "ᴠ"],
  ["w", "ᴡⱳ"],
  ["x", "ӿ"],
  ["y", "ʏɏƴÿ"],
  ["z", "ᴢƶʐȥ"],
])("reads as %s what is drawn like it: %s", (letter, characters) => {
  for (const character of characters) expect(foldShape(character), character).toBe(letter);
});

it("reads circled and bracketed numbers as numbers, and digits of any script as digits", () => {
  for (const [number, characters] of [
    ["0", "⓪⓿🄋🄌०٠"],
    ["1", "①⓵❶➀➊१١"],
    ["9", "⑨⓽❾➈➒९٩"],
    ["10", "⑩⓾❿➉➓"],
    ["11", "⑪⓫"],
    ["20", "⑳⓴"],
  ] as const)
    for (const character of characters) expect(foldCharacter(character), character).toBe(number);
});

it("leaves letters of other scripts that look like nothing else as they are", () => {
  for (const character of "жд漢ク한") expect(foldShape(character)).toBe(foldCharacter(character));
  expect(["\u200b", "\ufeff", "\t", "\n"].map(foldCharacter)).toEqual(["", "", " ", "\n"]);
});

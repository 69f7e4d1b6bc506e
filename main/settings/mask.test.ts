import { expect, it } from "vitest";
import { maskSecrets } from "./mask.ts";
import { nearest } from "./nearest.ts";

const dots = "••••••";

it("what stands under the name of a secret is dots, and so are name and password in an address; what is beside it is shown", () => {
  expect(
    maskSecrets({
      password: "p",
      Passphrase: "p",
      dbPasswd: 7,
      clientSecret: ["a"],
      apiKey: "k",
      "private-key": { inner: "x" },
      host: "proxy.example",
      url: "see https://ann:p%40ss@proxy.example:1/x and http://b.example/@a",
      list: [{ token: "t", port: 1 }, "socks5://u@h"],
    }),
  ).toEqual({
    password: dots,
    Passphrase: dots,
    dbPasswd: dots,
    clientSecret: dots,
    apiKey: dots,
    "private-key": dots,
    host: "proxy.example",
    url: `see https://${dots}@proxy.example:1/x and http://b.example/@a`,
    list: [{ token: dots, port: 1 }, `socks5://${dots}@h`],
  });
});

it("whether there is a secret, and names that only look like one, are shown", () => {
  const shown = {
    password: null,
    allowPassword: true,
    secret: false,
    bypass: "b",
    passport: "x",
    keyboard: "k",
    none: undefined,
    count: 0,
  };
  expect(maskSecrets(shown)).toEqual(shown);
  for (const plain of [1, true, null, undefined, "text"]) expect(maskSecrets(plain)).toBe(plain);
});

it("the name that was meant is at most two letters away, in whatever case, and the nearest", () => {
  const names = ["HistoryMode", "HistoryScope", "LinkMode"];
  expect(
    ["historymode", "HistoryMod", "HistroyMode", "LinkMo", "HistoryScop3"].map((name) => nearest(name, names)),
  ).toEqual(["HistoryMode", "HistoryMode", "HistoryMode", "LinkMode", "HistoryScope"]);
  expect(["LinkM", "Theme", "", "H".repeat(101)].map((name) => nearest(name, names))).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  expect(nearest("abd", ["abcde", "abc", "abd"])).toBe("abd");
  const long = "n".repeat(100);
  expect([nearest(long, [long]), nearest(`${long}n`, [`${long}n`])]).toEqual([long, undefined]);
});

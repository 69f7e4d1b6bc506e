import { expect, it } from "vitest";
import { isForWindow, linkIn, ownArguments } from "./arguments.ts";

it("takes the same arguments packaged and not, whatever Electron was told before them", () => {
  const wanted = ["policy", "show", "--json"];
  expect(ownArguments(["/opt/Hallway/hallway", ...wanted], true)).toEqual(wanted);
  expect(ownArguments(["/x/electron", ".", ...wanted], false)).toEqual(wanted);
  expect(ownArguments(["/x/electron", "--no-sandbox", "--inspect=0", "/work/hallway", ...wanted], false)).toEqual(
    wanted,
  );
  expect(ownArguments(["/opt/Hallway/hallway", "--help"], true)).toEqual(["--help"]);
  expect(ownArguments(["/x/electron", ".", "--help"], false)).toEqual(["--help"]);
  expect([ownArguments(["/x/electron"], false), ownArguments(["/x/hallway"], true)]).toEqual([[], []]);
});

it("lets the desktop say how to draw, and nothing that opens a door", () => {
  for (const argument of [
    "--ozone-platform=wayland",
    "--ozone-platform-hint=auto",
    "--force-device-scale-factor=1.5",
    "-psn_0_12345",
    "--updated",
    "xmpp:a@b.example",
    "IM:a@b.example?body=--inspect",
  ])
    expect(isForWindow(argument), argument).toBe(true);
  for (const argument of [
    "--remote-debugging-port=9222",
    "--remote-debugging-pipe",
    "--inspect",
    "--no-sandbox",
    "--ignore-certificate-errors",
    "--user-data-dir=/tmp/x",
    "--proxy-server=x",
    "--ozone-platform=x --no-sandbox",
    "policy",
    "http://b.example",
    "--xmpp:a@b.example",
    "--help",
    "--",
    "",
  ])
    expect(isForWindow(argument), argument).toBe(false);
});

it("finds the link among what the desktop hands over", () => {
  expect(linkIn(["--hidden", "im:a@b.example", "--updated"])).toBe("im:a@b.example");
  expect(linkIn(["im:a@b.example", "im:c@b.example"])).toBe("im:c@b.example");
  expect(linkIn(["--hidden", "policy"])).toBeUndefined();
});

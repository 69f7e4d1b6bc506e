import { expect, it } from "vitest";
import { type ErrorCode, HallwayError } from "../../../../shared/errors.ts";
import { testHost } from "../testing/extension-host.ts";
import { archivePreferences } from "./xep-0441-archive-preferences.ts";

const nsArchive = "urn:xmpp:mam:2";
type Mode = "allow" | "require" | "forbid";

function attached(first: Mode, offers: readonly string[] = [nsArchive]) {
  const test = testHost();
  let mode = first;
  test.rules = { archive: () => mode };
  test.offers = offers;
  const { precondition, commands, ended } = archivePreferences.attach(test.host);
  if (!precondition) throw new Error("there is no precondition");
  return {
    ...test,
    pass: () => precondition.pass(),
    wanted: () => precondition.wanted(),
    archiving: () => commands?.archiving?.(),
    ended: () => ended?.(),
    set: (next: Mode) => void (mode = next),
  };
}
const prefs = (kept: string, always = "", never = ""): string =>
  `<prefs xmlns='${nsArchive}' default='${kept}'><always>${always}</always><never>${never}</never></prefs>`;
const refusal = { code: "blocked-by-policy", params: { setting: "ServerArchiveMode", host: "example.test" } };
const somebody = "<jid>bob@example.test</jid>";

it("nothing is asked of the server where nothing is wanted of it", async () => {
  const { wanted, pass, said, archiving } = attached("allow");
  expect(wanted()).toBe(false);
  await pass();
  expect([said, archiving()]).toEqual([[], undefined]);
});

it.each([
  ["require", "always"],
  ["forbid", "never"],
] as const)("%s is asked for as %s, once in a session", async (mode, wish) => {
  const { wanted, pass, said, answers, archiving, ended } = attached(mode);
  expect([wanted(), archiving()]).toEqual([true, undefined]);
  answers.push(prefs(wish));
  await pass();
  expect(said[0]).toContain(`default="${wish}"`);
  expect([wanted(), archiving(), said.length]).toEqual([false, wish, 1]);
  ended();
  expect([wanted(), archiving()]).toEqual([true, undefined]);
});

it("another wish is asked for anew, and none any more is known to be none", async () => {
  const { wanted, pass, answers, archiving, set } = attached("require");
  answers.push(prefs("always"), prefs("never"));
  await pass();
  set("forbid");
  expect(wanted()).toBe(true);
  await pass();
  expect(archiving()).toBe("never");
  set("allow");
  expect(wanted()).toBe(true);
  await pass();
  expect([wanted(), archiving()]).toEqual([false, undefined]);
});

it.each<[string, Mode, string]>([
  ["keeps what it had", "require", prefs("roster")],
  ["says the contrary", "forbid", prefs("always")],
  ["leaves somebody out of what is always archived", "require", prefs("always", "", somebody)],
  ["archives somebody whom it should not", "forbid", prefs("never", somebody)],
  ["says nothing", "require", ""],
  ["says so of another thing", "require", "<prefs xmlns='urn:xmpp:mam:1' default='always'/>"],
])("a server that %s is not signed in to", async (_, mode, answer) => {
  const { pass, answers, archiving } = attached(mode);
  answers.push(answer);
  await expect(pass()).rejects.toMatchObject(refusal);
  expect(archiving()).toBeUndefined();
});

it("an exception of the same kind as the rule is none", async () => {
  for (const [mode, answer] of [
    ["require", prefs("always", somebody)],
    ["forbid", prefs("never", "", somebody)],
  ] as const) {
    const { pass, answers } = attached(mode);
    answers.push(answer);
    await expect(pass()).resolves.toBeUndefined();
  }
});

it.each<[Mode, ErrorCode, readonly string[], ErrorCode | undefined]>([
  ["forbid", "unsupported", [], undefined],
  ["forbid", "recipient-unreachable", [], undefined],
  ["forbid", "unsupported", [nsArchive], "blocked-by-policy"],
  ["forbid", "not-allowed", [], "blocked-by-policy"],
  ["require", "unsupported", [], "blocked-by-policy"],
  ["require", "recipient-unreachable", [], "blocked-by-policy"],
  ["forbid", "timed-out", [], "timed-out"],
  ["require", "connection-lost", [], "connection-lost"],
  ["require", "cancelled", [], "cancelled"],
])("%s, answered with %s by a server that offers %j, ends with %s", async (mode, code, offers, expected) => {
  const { pass, answers, archiving } = attached(mode, offers);
  answers.push(new HallwayError(code));
  if (expected === undefined) await pass();
  else await expect(pass()).rejects.toMatchObject({ code: expected });
  expect(archiving()).toBe(expected === undefined ? "never" : undefined);
});

import { expect, it } from "vitest";
import { type Run, readSystemPerson } from "./system-person.ts";

/** A system that answers this, and the questions that it was asked. */
function system(answer: string | Error) {
  const asked: string[] = [];
  const run: Run = async ({ program, args }, timeout) => {
    asked.push([program.replace(/^.*[\\/]/, ""), ...args].join(" "));
    expect(timeout).toBeLessThanOrEqual(3_000);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { asked, run };
}

const infoPipe = "org.freedesktop.sssd.infopipe";

it.each([
  ["win32", "alice@corp.example\r\n", "whoami.exe /upn"],
  ["darwin", "EMailAddress: alice@corp.example\n", "dscl /Search -read /Users/alice EMailAddress"],
  ["darwin", "EMailAddress:\n alice@corp.example\n other@corp.example\n", undefined],
  [
    "linux",
    'a{sv} 1 "mail" as 1 "alice@corp.example"\n',
    `busctl --system call ${infoPipe} /org/freedesktop/sssd/infopipe ${infoPipe} GetUserAttr sas alice 1 mail`,
  ],
  ["linux", '{"type":"a{sv}","data":[{"mail":{"type":"as","data":["alice@corp.example"]}}]}', undefined],
] as const)("takes the mail address from the directory of %s, which says %j", async (platform, answer, question) => {
  const { asked, run } = system(answer);
  expect(await readSystemPerson({ name: "CORP\\alice", platform, run })).toEqual({
    user: "alice",
    email: "alice@corp.example",
  });
  expect(asked).toHaveLength(1);
  if (question !== undefined) expect(asked).toEqual([question]);
});

it.each([
  ["an error", new Error("The user principal name could not be found")],
  ["nothing", ""],
  ["no such key", "No such key: EMailAddress\n"],
  ["an empty list", 'a{sv} 1 "mail" as 0'],
  ["a name without a domain", "alice@"],
  ["two signs", "alice@corp@example"],
  ["far too much", `${" ".repeat(20_000)}alice@corp.example`],
])("knows none where the directory says %s", async (_, answer) => {
  for (const platform of ["win32", "darwin", "linux"] as const)
    expect(await readSystemPerson({ name: "alice", platform, run: system(answer).run })).toEqual({
      user: "alice",
      email: undefined,
    });
});

it.each([
  ["where the sign-in says it already", "alice@corp.example", "win32", "alice@corp.example"],
  ["about a name that could be an option", "-alice", "darwin", undefined],
  ["about a name that could be a path", "a/../root", "linux", undefined],
  ["on a system without a known directory", "alice", "freebsd", undefined],
] as const)("asks nobody %s", async (_, name, platform, email) => {
  const { asked, run } = system("eve@corp.example");
  expect((await readSystemPerson({ name, platform, run })).email).toBe(email);
  expect(asked).toEqual([]);
});

it("knows none, and goes on, where this system has no directory", async () => {
  expect((await readSystemPerson({ name: "nobody-of-that-name" })).user).toBe("nobody-of-that-name");
});

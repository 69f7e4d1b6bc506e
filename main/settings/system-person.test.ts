import { expect, it, vi } from "vitest";
import { recordedRegistry } from "./sources/recorded-registry.test-helper.ts";
import { type Run, readSystemPerson, runProgram } from "./system-person.ts";

/** A registry that says this of the folder of Windows. */
const windowsIn =
  (folder: string, type: "REG_SZ" | "REG_EXPAND_SZ" = "REG_SZ") =>
  async () =>
    recordedRegistry({ "HKLM\\Software\\Microsoft\\Windows NT\\CurrentVersion": { SystemRoot: [type, folder] } });
const open = windowsIn("D:\\Windows");

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
  expect(await readSystemPerson({ name: "CORP\\alice", platform, run, open })).toEqual({
    user: "alice",
    email: "alice@corp.example",
  });
  expect(asked).toHaveLength(1);
  if (question !== undefined) expect(asked).toEqual([question]);
});

it.each([
  ["darwin", "EMailAddress: o'brien@corp.example\n"],
  // As busctl 252 writes what SSSD 2.8.2 says of an entry of OpenLDAP with two addresses.
  ["linux", 'a{sv} 1 "mail" as 2 "o\\\'brien@corp.example" "second@corp.example"\n'],
  ["win32", "o'brien@corp.example\r\n"],
] as const)("takes a name with an apostrophe whole on %s", async (platform, answer) => {
  expect((await readSystemPerson({ name: "obrien", platform, open, run: system(answer).run })).email).toBe(
    "o'brien@corp.example",
  );
});

it("reads letters that busctl writes in octal", async () => {
  const { run } = system('a{sv} 1 "mail" as 1 "zo\\303\\253\\\\l@corp.example"\n');
  expect((await readSystemPerson({ name: "zoe", platform: "linux", run })).email).toBe("zoë\\l@corp.example");
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
    expect(await readSystemPerson({ name: "alice", platform, open, run: system(answer).run })).toEqual({
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
  expect((await readSystemPerson({ name, platform, run, open })).email).toBe(email);
  expect(asked).toEqual([]);
});

it("knows none, and goes on, where this system has no directory", async () => {
  expect((await readSystemPerson({ name: "nobody-of-that-name" })).user).toBe("nobody-of-that-name");
});

it("is told nothing by the environment: neither which bus answers nor which program asks", async () => {
  const hers = {
    DBUS_SYSTEM_BUS_ADDRESS: "unix:path=/hers",
    SystemRoot: "C:\\hers",
    windir: "C:\\hers",
    PATH: "/hers",
  };
  for (const [name, value] of Object.entries(hers)) vi.stubEnv(name, value);
  try {
    const seen: string[] = [];
    const run: Run = async (question, timeout) => {
      const child = { ...question, program: process.execPath, args: ["-p", "JSON.stringify(process.env)"] };
      seen.push(question.program, await runProgram(child, timeout * 10));
      return "";
    };
    for (const platform of ["win32", "darwin", "linux"] as const)
      await readSystemPerson({ name: "alice", platform, run, open });
    expect(seen).toHaveLength(6);
    expect(seen[0]).toBe("D:\\Windows\\System32\\whoami.exe");
    for (const text of seen) expect(text).not.toContain("hers");
  } finally {
    vi.unstubAllEnvs();
  }
});

it.each([
  ["nothing", async () => recordedRegistry({})],
  ["a text with a variable", windowsIn("D:\\Windows", "REG_EXPAND_SZ")],
  ["a folder of another computer", windowsIn("\\\\server\\Windows")],
  ["a folder that is relative", windowsIn("Windows")],
  ["no text that ends", windowsIn("D:\\Windows\0\\more")],
  ["an error", () => Promise.reject(new Error("not installed"))],
])("asks nobody on Windows where the registry says of its folder %s", async (_, says) => {
  const { asked, run } = system("eve@corp.example");
  expect((await readSystemPerson({ name: "alice", platform: "win32", run, open: says })).email).toBeUndefined();
  expect(asked).toEqual([]);
});

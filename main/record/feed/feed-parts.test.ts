import { describe, expect, it } from "vitest";
import type { ErrorInfo } from "../../../shared/errors.ts";
import type { SettingValue } from "../../../shared/settings/declaration.ts";
import type { ServerReach } from "../../networks/dial-host.ts";
import type { AuditEvent } from "../audit/audit.ts";
import { ArchiveScope } from "./archive-scope.ts";
import { CurrentDestination } from "./destinations/current-destination.ts";
import type { FeedPolicy } from "./feed-policy.ts";
import { Progress } from "./progress.ts";
import { placeWords, Reachability } from "./reachability.ts";

interface Values {
  scope: SettingValue<"ArchiveScope">;
  destination: SettingValue<"ArchiveDestination">;
  format: SettingValue<"ArchiveFormat">;
  required: boolean;
  allowedDomains: readonly string[];
  reaching: string;
}

function policyOf(fields: Partial<Values> = {}): { readonly policy: FeedPolicy; readonly values: Values } {
  const values: Values = {
    scope: "all",
    destination: { type: "folder", path: "/archive" },
    format: "json",
    required: false,
    allowedDomains: [],
    reaching: "one",
    ...fields,
  };
  const policy: FeedPolicy = {
    scope: () => values.scope,
    destination: () => values.destination,
    format: () => values.format,
    required: () => values.required,
    allowedDomains: () => values.allowedDomains,
    reaching: () => values.reaching,
    onChange: () => () => undefined,
  };
  return { policy, values };
}

function logOf(lines: unknown[]) {
  const write =
    (level: string) =>
    (what: string, about?: unknown): void =>
      void lines.push([level, what, about]);
  return { debug: write("debug"), info: write("info"), warn: write("warn") };
}

describe("an archive that cannot be reached", () => {
  const trouble = (reason: string): ErrorInfo => ({ code: "archive-unreachable", params: { reason } });
  const where = { type: "folder", place: "/archive" };

  function reachability(fields: Partial<Values> = {}) {
    const { policy, values } = policyOf(fields);
    const audited: AuditEvent[] = [];
    const lines: unknown[] = [];
    const audit = (event: AuditEvent): void => void audited.push(event);
    return { reach: new Reachability({ policy, audit, log: logOf(lines) }), values, audited, lines };
  }

  it("is in the audit log once for each time, and in the log once for each reason", () => {
    const { reach, audited, lines } = reachability();
    reach.become(undefined);
    expect([audited, lines]).toEqual([[], []]);
    for (const reason of ["ECONNREFUSED", "ECONNREFUSED", "EACCES"]) reach.become(trouble(reason));
    expect(reach.trouble).toEqual(trouble("EACCES"));
    expect(audited).toEqual([{ kind: "archive", action: "stopped", details: { ...where, reason: "ECONNREFUSED" } }]);
    expect(lines).toEqual(
      ["ECONNREFUSED", "EACCES"].map((reason) => ["warn", "The archive cannot be reached", { ...where, reason }]),
    );
    reach.become(undefined);
    reach.become(undefined);
    expect([reach.trouble, audited.slice(1), lines.slice(2)]).toEqual([
      undefined,
      [{ kind: "archive", action: "resumed", details: where }],
      [["info", "The archive can be reached again", where]],
    ]);
    reach.become({ code: "archive-not-trusted" });
    expect(audited.at(-1)).toMatchObject({ action: "stopped", details: { reason: "archive-not-trusted" } });
  });

  it("concerns nobody where nothing is archived, and is told when something is", () => {
    const { reach, values, audited, lines } = reachability({ scope: "none" });
    reach.become(trouble("EACCES"));
    reach.tell();
    expect([audited, lines, reach.trouble]).toEqual([[], [], trouble("EACCES")]);
    values.scope = "internal";
    reach.tell();
    reach.tell();
    expect(audited.map(({ action }) => action)).toEqual(["stopped"]);
  });

  it("is named by its kind and place, and never by what may hold a token", () => {
    const authority = undefined;
    expect([
      placeWords(null),
      placeWords({ type: "folder", path: "/a" }),
      placeWords({ type: "syslog", host: "logs.example", port: 6514, authority } as never),
      placeWords({ type: "https", url: "https://archive.example:8443/in?token=secret", authority } as never),
    ]).toEqual([
      { type: "none", place: "" },
      { type: "folder", place: "/a" },
      { type: "syslog", place: "logs.example:6514" },
      { type: "https", place: "archive.example:8443" },
    ]);
  });
});

describe("how far the archive has come", () => {
  const minute = 60_000;
  const day = 24 * 60 * minute;
  const now = 100 * day;

  async function open(text: string | undefined, fails = false) {
    const written: (string | undefined)[] = [];
    const lines: unknown[] = [];
    const write = async (value: string | undefined): Promise<void> => {
      written.push(value);
      await Promise.resolve();
      if (fails) throw new Error("full");
    };
    return { progress: await Progress.open({ read: async () => text, write }, logOf(lines)), written, lines };
  }
  const read = (written: readonly (string | undefined)[]): unknown =>
    written.map((value) => (value === undefined ? undefined : JSON.parse(value)));

  it("is nothing until something is archived, and nothing again when nothing is any more", async () => {
    const { progress, written } = await open(undefined);
    progress.archiving(false, now);
    progress.reached(now);
    progress.fallBehind();
    progress.catchUp();
    expect([progress.from, progress.isBehind, written]).toEqual([undefined, false, []]);
    progress.archiving(true, now);
    progress.archiving(true, now + minute);
    expect([progress.from, read(written)]).toEqual([now, [{ since: now, reached: now }]]);
    progress.archiving(false, now);
    expect([progress.from, read(written.slice(1))]).toEqual([undefined, [undefined]]);
  });

  it("is written once a minute, and reaches back a day before that, but not to before the beginning", async () => {
    const { progress, written } = await open(JSON.stringify({ since: now, reached: now }));
    progress.reached(now + minute - 1);
    progress.reached(now - minute + 1);
    expect(written).toEqual([]);
    progress.reached(now + minute);
    expect([progress.from, read(written)]).toEqual([now, [{ since: now, reached: now + minute }]]);
    progress.reached(now + 2 * day);
    expect(progress.from).toBe(now + day);
    // A clock that was set back.
    progress.reached(now + day);
    expect(progress.from).toBe(now);
  });

  it("knows over a restart that something was in memory only, until the queue has it", async () => {
    const { progress, written } = await open(JSON.stringify({ since: 1, reached: 1 }));
    expect(progress.isBehind).toBe(false);
    progress.catchUp();
    progress.fallBehind();
    progress.fallBehind();
    expect([progress.isBehind, written.length]).toEqual([true, 1]);
    const later = await open(written[0]);
    expect(later.progress.isBehind).toBe(true);
    later.progress.catchUp();
    later.progress.catchUp();
    expect([later.progress.isBehind, read(later.written)]).toEqual([false, [{ since: 1, reached: 1 }]]);
  });

  it("that cannot be read means all that there is, and what cannot be kept stops nothing", async () => {
    for (const text of ["", "{", '{"since":"x"}', "null"]) expect((await open(text)).progress.from).toBe(0);
    const { progress, lines } = await open(undefined, true);
    progress.archiving(true, now);
    await new Promise((resolve) => setImmediate(resolve));
    expect([progress.from, lines.length]).toEqual([now, 1]);
  });
});

describe("what is archived", () => {
  const account = (id: string) => ({ network: "xmpp" as const, own: id === "a" ? "me@inside.test" : undefined });
  const places = [
    { accountId: "a", address: "bob@inside.test" },
    { accountId: "a", address: "eve@outside.test" },
    { accountId: "gone", address: "eve@outside.test" },
  ];
  const covered = (scope: ArchiveScope): boolean[] => places.map((place) => scope.covers(place));

  it("is nothing, all, what is inside or what is outside; where nobody can tell, it is archived", () => {
    const by = (scope: Values["scope"]) => {
      const made = new ArchiveScope(policyOf({ scope }).policy, account);
      return [made.isAny, ...covered(made)];
    };
    expect([by("none"), by("all"), by("internal"), by("external")]).toEqual([
      [false, false, false, false],
      [true, true, true, true],
      [true, true, false, true],
      [true, false, true, true],
    ]);
  });

  it("follows the domains that are inside, and is required only where it is archived and policy says so", () => {
    const { policy, values } = policyOf({ scope: "internal" });
    const scope = new ArchiveScope(policy, account);
    const requires = (): boolean[] => places.map((place) => scope.requires(place));
    expect(requires()).toEqual([false, false, false]);
    values.required = true;
    scope.follow();
    expect(requires()).toEqual([true, false, true]);
    values.allowedDomains = ["outside.test"];
    scope.follow();
    expect([covered(scope), requires()]).toEqual([
      [true, true, true],
      [true, true, true],
    ]);
  });
});

it("a destination is made anew where its place or the way to it is another, and not for another form", () => {
  const { policy, values } = policyOf();
  const current = new CurrentDestination(policy, {} as ServerReach, undefined);
  const first = current.destination;
  expect([first === undefined, current.follow(), current.destination === first]).toEqual([
    false,
    { moved: false, renewed: false, reformed: false },
    true,
  ]);
  values.format = "eml";
  expect([current.follow(), current.destination === first, current.format]).toEqual([
    { moved: false, renewed: false, reformed: true },
    true,
    "eml",
  ]);
  values.reaching = "two";
  expect([current.follow(), current.destination === first]).toEqual([
    { moved: false, renewed: true, reformed: false },
    false,
  ]);
  values.destination = { type: "folder", path: "/other" };
  expect(current.follow()).toEqual({ moved: true, renewed: true, reformed: false });
  values.destination = null;
  expect([current.follow().moved, current.destination, current.follow().moved]).toEqual([true, undefined, false]);
});

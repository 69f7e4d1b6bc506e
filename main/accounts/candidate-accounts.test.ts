import { beforeEach, describe, expect, it } from "vitest";
import { type ErrorCode, HallwayError } from "../../shared/errors.ts";
import type { AccountConfig, Protocol } from "../../shared/model/account.ts";
import { type CandidateAccounts, createCandidateAccounts, type NewAccount } from "./candidate-accounts.ts";
import type { LiveAccount } from "./live-account.ts";

/** How each network takes the sign-in; a promise: it answers later. */
let answers: Partial<Record<Protocol, ErrorCode | Promise<void>>>;
let refused: readonly Protocol[];
let log: string[];
let made: {
  readonly config: AccountConfig;
  readonly password: () => Promise<string | undefined>;
  readonly isKept: () => boolean;
}[];
let stored: string | undefined;
let onKeep: () => void;
let candidates: CandidateAccounts;

const account: NewAccount = {
  address: "alice@example.test",
  password: "secret",
  protocols: ["xmpp", "simple"],
  server: {},
};
const signal = () => new AbortController().signal;

beforeEach(() => {
  answers = {};
  refused = [];
  log = [];
  made = [];
  stored = undefined;
  onKeep = () => undefined;
  candidates = createCandidateAccounts({
    rules: {
      refusal: ({ protocol }) =>
        refused.includes(protocol) ? { code: "blocked-by-policy", params: { setting: protocol } } : undefined,
    },
    make: (config, password, isKept) => {
      made.push({ config, password, isKept });
      const session = {
        tryOnce: async (until: AbortSignal) => {
          log.push(`try ${config.protocol}`);
          const answer = answers[config.protocol];
          if (typeof answer === "string") throw new HallwayError(answer);
          const aborted = new Promise<never>((_, reject) => {
            until.addEventListener("abort", () => reject(new HallwayError("cancelled")), { once: true });
          });
          await Promise.race([answer, aborted]);
        },
      };
      return { config, session } as unknown as LiveAccount;
    },
    keep: async (config, password) => {
      log.push(`keep ${config.protocol} ${password}`);
      onKeep();
    },
    password: async () => stored,
    remember: async (from, to) =>
      void log.push(`remember ${from} ${to === made.at(-1)?.config.id ? "too late" : "before"}`),
    onKept: ({ config }) => void log.push(`kept ${config.protocol}`),
    discard: async ({ config }) => void log.push(`discard ${config.protocol}`),
  });
});

describe("a new account", () => {
  it("is kept on the first network that takes it, and the next one is not asked", async () => {
    const { config } = await candidates.add(account, signal());
    expect(log).toEqual(["try xmpp", "keep xmpp secret", "kept xmpp"]);
    expect(config).toMatchObject({ protocol: "xmpp", address: "alice@example.test", enabled: true });
    expect(made[0]?.isKept()).toBe(true);
  });

  it("signs in with the password that was typed until another is stored", async () => {
    await candidates.add(account, signal());
    expect(await made[0]?.password()).toBe("secret");
    stored = "changed";
    expect(await made[0]?.password()).toBe("changed");
  });

  it.each([
    "unknown-host",
    "no-network",
    "connection-refused",
    "connection-lost",
    "timed-out",
    "unsupported",
    "tls-failed",
  ] as const)("is tried on the next network after %s, with nothing left of the first", async (code) => {
    answers = { xmpp: code };
    await candidates.add(account, signal());
    expect(log).toEqual(["try xmpp", "discard xmpp", "try simple", "keep simple secret", "kept simple"]);
    expect(made[0]?.isKept()).toBe(false);
  });

  it.each([
    "wrong-password",
    "certificate-untrusted",
    "certificate-wrong-name",
    "certificate-expired",
    "certificate-pin-mismatch",
    "certificate-revoked",
    "certificate-unchecked",
    "tls-required",
    "account-refused",
    "account-disabled",
    "server-error",
  ] as const)("is not tried elsewhere after %s", async (code) => {
    answers = { xmpp: code };
    await expect(candidates.add(account, signal())).rejects.toMatchObject({ code });
    expect(log).toEqual(["try xmpp", "discard xmpp"]);
  });

  it.each([
    ["of the one that was reached", "unknown-host", "wrong-password", "wrong-password"],
    ["of the first where none was", "unknown-host", "timed-out", "unknown-host"],
    ["of the handshake before what was not reached", "tls-failed", "unknown-host", "tls-failed"],
    ["of the handshake after what was not reached", "timed-out", "tls-failed", "tls-failed"],
    ["of the one that answered after a handshake that failed", "tls-failed", "wrong-password", "wrong-password"],
  ] as const)("fails for the reason %s", async (_, xmpp, simple, code) => {
    answers = { xmpp, simple };
    await expect(candidates.add(account, signal())).rejects.toMatchObject({ code });
  });

  it("is tried on no network that policy refuses, and fails for the first refusal where it refuses all", async () => {
    refused = ["xmpp"];
    await candidates.add(account, signal());
    expect(log[0]).toBe("try simple");
    log.length = 0;
    refused = ["simple", "xmpp"];
    await expect(candidates.add(account, signal())).rejects.toMatchObject({
      code: "blocked-by-policy",
      params: { setting: "xmpp" },
    });
    expect(log).toEqual([]);
  });

  it("leaves nothing behind where the person gives up, before or after it has signed in", async () => {
    const early = new AbortController();
    answers = { xmpp: new Promise(() => undefined) };
    const adding = candidates.add(account, early.signal);
    early.abort();
    await expect(adding).rejects.toMatchObject({ code: "cancelled" });
    expect(log).toEqual(["try xmpp", "discard xmpp"]);
    log.length = 0;
    answers = {};
    const late = new AbortController();
    onKeep = () => late.abort();
    await expect(candidates.add(account, late.signal)).rejects.toMatchObject({ code: "cancelled" });
    expect(log).toEqual(["try xmpp", "keep xmpp secret", "discard xmpp"]);
  });
});

describe("a password", () => {
  const config: AccountConfig = {
    id: "own",
    protocol: "xmpp",
    address: "alice@example.test",
    enabled: true,
    server: {},
    deviceId: "device",
  };

  it("is tried beside the account, as another device of which nothing is left", async () => {
    expect(await candidates.passwordIsRight(config, "typed")).toBe(true);
    expect(log).toEqual(["remember own before", "try xmpp", "discard xmpp"]);
    const tried = made[0];
    expect(tried?.config.id).not.toBe("own");
    expect(tried?.config.deviceId).not.toBe("device");
    expect([await tried?.password(), tried?.isKept()]).toEqual(["typed", false]);
  });

  it("is wrong where the server says so, and unknown where it says anything else", async () => {
    answers = { xmpp: "wrong-password" };
    expect(await candidates.passwordIsRight(config, "typed")).toBe(false);
    for (const code of ["timed-out", "sign-in-refused", "account-refused", "rate-limited"] as const) {
      answers = { xmpp: code };
      await expect(candidates.passwordIsRight(config, "typed")).rejects.toMatchObject({ code });
    }
    expect(log.filter((line) => line === "discard xmpp")).toHaveLength(5);
  });

  it("is not tried where policy refuses the account", async () => {
    refused = ["xmpp"];
    await expect(candidates.passwordIsRight(config, "typed")).rejects.toMatchObject({ code: "blocked-by-policy" });
    expect(log).toEqual([]);
  });
});

it("ends with everything that is tried", async () => {
  answers = { xmpp: new Promise(() => undefined) };
  const adding = expect(candidates.add(account, signal())).rejects.toMatchObject({ code: "cancelled" });
  await candidates.stop();
  expect(log.filter((line) => line.startsWith("discard"))).toEqual(["discard xmpp"]);
  await adding;
});

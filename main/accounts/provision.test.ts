import { expect, it } from "vitest";
import type { AccountConfig } from "../../shared/model/account.ts";
import type { ProvisionedAccount, Provisioning } from "../settings/provisioning.ts";
import type { LiveAccount } from "./live-account.ts";
import { provisionAccounts } from "./provision.ts";

const own: AccountConfig = {
  id: "own",
  protocol: "xmpp",
  address: "me@home.test",
  enabled: true,
  server: {},
  deviceId: "d1",
};
const work: AccountConfig = {
  id: "work",
  protocol: "xmpp",
  address: "me@work.test",
  enabled: true,
  server: {},
  provisioned: "work",
  deviceId: "d2",
};
const wantedWork: ProvisionedAccount = { name: "work", protocol: "xmpp", address: "me@work.test", server: {} };

async function provision(configs: readonly AccountConfig[], wanted: Partial<Provisioning>) {
  const log: string[] = [];
  const live = (config: AccountConfig): LiveAccount => {
    const account = {
      config,
      session: { stop: async () => void log.push(`stop ${account.config.id}`) },
      audit: { added: () => void log.push(`added ${account.config.address}`) },
      publish: () => void log.push(`publish ${account.config.id} ${account.config.enabled}`),
    };
    return account as unknown as LiveAccount;
  };
  const accounts = configs.map(live);
  const kept: AccountConfig[] = [];
  await provisionAccounts(
    { isKnown: true, accounts: [], problems: [], ...wanted },
    {
      accounts: () => accounts,
      keep: async (config) => void kept.push(config),
      put: (config) => {
        const made = live(config);
        accounts.push(made);
        return made;
      },
      remake: async (account, config) => {
        log.push(`remake ${account.config.id}`);
        account.config = config;
      },
    },
  );
  return { log, kept, configs: accounts.map(({ config }) => config) };
}

it("sets up what is wanted and not there, and leaves what is there as it is", async () => {
  const { log, kept } = await provision([own, work], {
    accounts: [wantedWork, { ...wantedWork, name: "second", protocol: "simple" }],
  });
  expect(kept).toMatchObject([{ protocol: "simple", address: "me@work.test", provisioned: "second", enabled: true }]);
  expect(log).toEqual(["added me@work.test"]);
});

it("takes over an account of the person's with that address on that network, and no other", async () => {
  const { log, configs } = await provision(
    [
      { ...own, address: "me@work.test" },
      { ...own, id: "sip", protocol: "simple", address: "me@work.test" },
    ],
    {
      accounts: [{ ...wantedWork, label: "Work", server: { host: "chat.work.test" } }],
    },
  );
  expect(log).toEqual(["remake own"]);
  expect(configs).toEqual([
    {
      id: "own",
      protocol: "xmpp",
      address: "me@work.test",
      label: "Work",
      enabled: true,
      server: { host: "chat.work.test" },
      provisioned: "work",
      deviceId: "d1",
    },
    { ...own, id: "sip", protocol: "simple", address: "me@work.test" },
  ]);
});

it("turns off what is wanted no longer and gives it to the person, and touches nothing of theirs", async () => {
  const { log, kept, configs } = await provision([own, work], {});
  const { provisioned: _, ...rest } = work;
  expect(kept).toEqual([{ ...rest, enabled: false }]);
  expect(configs).toEqual([own, { ...rest, enabled: false }]);
  expect(log).toEqual(["stop work", "publish work false"]);
});

it.each<[string, Partial<Provisioning>]>([
  ["the list cannot be used", { isKnown: false }],
  [
    "what it says of the account cannot be made out",
    { problems: [{ code: "policy-invalid" as never, params: { name: "work" } }] },
  ],
])("leaves an account as it is where %s", async (_, provisioning) => {
  const { log, kept, configs } = await provision([own, work], provisioning);
  expect([log, kept, configs]).toEqual([[], [], [own, work]]);
});

it.each<[string, Partial<ProvisionedAccount>]>([
  ["another name", { name: "other" }],
  ["another network", { protocol: "simple" }],
  ["another address", { address: "you@work.test" }],
])("does not take an account of %s for the one that it set up", async (_, other) => {
  const { log } = await provision([work], { accounts: [{ ...wantedWork, ...other }] });
  expect(log.slice(0, 2)).toEqual(["stop work", "publish work false"]);
});

it("turns off the others where what it says of one cannot be made out", async () => {
  const { configs } = await provision(
    [work, { ...work, id: "second", address: "me@second.test", provisioned: "second" }],
    {
      problems: [{ code: "policy-invalid" as never, params: { name: "work" } }],
    },
  );
  expect(configs.map(({ id, enabled }) => [id, enabled])).toEqual([
    ["work", true],
    ["second", false],
  ]);
});

import { expect, it, vi } from "vitest";
import type { SettingValue } from "../../shared/settings/declaration.ts";
import { settings } from "../../shared/settings/declaration.ts";
import type { ReadSetting } from "../../shared/settings/read-setting.ts";
import { createTables } from "../store/tables.ts";
import { createAccessRules } from "./access-rules.ts";

it("asks the directory about the person once, and only where policy sets up accounts", async () => {
  let accounts: SettingValue<"ProvisionedAccounts"> = [];
  const get: ReadSetting = (key) =>
    (key === "ProvisionedAccounts" ? accounts : settings[key].default) as SettingValue<typeof key>;
  const person = vi.fn(async () => ({ user: "alice", email: "alice@corp.example" }));
  const nothing = (): void => undefined;
  const { provisioned } = createAccessRules({
    get,
    isUsable: () => true,
    policies: { connectionsAllowed: true },
    notice: () => undefined,
    tables: createTables(nothing),
    person,
    onIncomplete: nothing,
    log: { debug: nothing, info: nothing, warn: nothing },
  });
  expect((await provisioned()).accounts).toEqual([]);
  expect(person).not.toHaveBeenCalled();
  accounts = [{ name: "work", protocol: "xmpp", address: "${email}" }];
  for (let times = 0; times < 2; times++)
    expect((await provisioned()).accounts).toMatchObject([{ address: "alice@corp.example" }]);
  expect(person).toHaveBeenCalledTimes(1);
});

import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { LookAlike } from "../../shared/look-alike/look-alike.ts";
import { createRecordedNetwork } from "./recorded-network.test-helper.ts";
import { type OpenTestApp, openTestApp } from "./test-apps.test-helper.ts";

let testApp: OpenTestApp;

beforeEach(async () => {
  const network = createRecordedNetwork("xmpp", ["robin@work.example"]);
  testApp = await openTestApp({ networks: () => [network] });
});
afterEach(() => testApp.close());

describe("look-alikes", () => {
  it("somebody who looks like a contact or a colleague is warned of, and the person cannot turn that off where policy asks for it", async () => {
    const { accountId } = await testApp.request("accounts.add", {
      address: "me@office.example",
      password: "p",
      protocol: "xmpp",
      server: {},
    });
    await expect.poll(async () => (await testApp.request("app.snapshot", {})).tables.contacts.length).toBe(1);
    const ask = async (address: string, name?: string): Promise<LookAlike | undefined> =>
      (await testApp.request("contacts.lookAlike", { accountId, address, ...(name === undefined ? {} : { name }) }))
        .warning;
    await testApp.request("contacts.update", { contactId: `${accountId}|robin@work.example`, name: "Robin Hale" });
    await testApp.policy({ LookAlikeWarningsEnabled: true, AllowedDomains: ["partners.example", "*"] });
    expect(await ask("r\u043Ebin@work.example")).toEqual({ kind: "address", like: "robin@work.example" });
    expect(await ask("boss@0ffice.example")).toEqual({ kind: "domain", like: "office.example" });
    // As it stands on the wire: xn-- and so on.
    expect(await ask("boss@xn--ffice-iye.example")).toEqual({ kind: "domain", like: "office.example" });
    expect(await ask("boss@patrners.example")).toEqual({ kind: "domain", like: "partners.example" });
    expect(await ask("boss@office.example")).toBeUndefined();
    expect(await ask("robin@work.example")).toBeUndefined();
    await expect(
      testApp.request("settings.set", { key: "LookAlikeWarningsEnabled", value: false }),
    ).rejects.toMatchObject({ code: "locked-by-policy" });
    await testApp.policy(undefined);
    await testApp.request("settings.set", { key: "LookAlikeWarningsEnabled", value: false });
    expect(await ask("boss@0ffice.example")).toBeUndefined();
  });
});

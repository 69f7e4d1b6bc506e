import type { Element } from "@xmpp/xml";
import { expect, it } from "vitest";
import type { Address } from "../../../../shared/model/address.ts";
import type { PresenceTable } from "./presence.ts";
import type { Roster } from "./roster.ts";
import { Subscriptions } from "./subscriptions.ts";

const [alice, bob] = ["alice@example.test", "bob@example.test"];

/** `known`: the subscription that the list has for Bob once he was added. */
function made({ known, offers = () => false }: { known?: string; offers?: (...feature: string[]) => boolean } = {}) {
  const said: string[] = [];
  const settled: Address[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const subscriptions = new Subscriptions({
    address: alice,
    roster: {
      set: (who: Address) => {
        said.push(`set ${who}`);
        return promise;
      },
      get: () => (known === undefined ? undefined : { subscription: known }),
    } as unknown as Roster,
    presences: { settle: (who: Address) => void settled.push(who) } as unknown as PresenceTable,
    send: ({ attrs }: Element) => void said.push(`${attrs["type"]} ${attrs["to"]}`),
    streamOffers: offers,
  });
  return { subscriptions, said, settled, resolve, reject };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it("are asked for when the server has taken the contact, and not before", async () => {
  const { subscriptions, said, resolve } = made();
  const adding = subscriptions.add(bob, "Bob", []);
  await turn();
  expect(said).toEqual([`set ${bob}`]);
  resolve();
  await adding;
  expect(said).toEqual([`set ${bob}`, `subscribe ${bob}`]);
});

it("are not asked for where the server does not take the contact", async () => {
  const { subscriptions, said, reject } = made({ offers: () => true });
  const adding = subscriptions.add(bob, "Bob", []);
  reject(new Error("no"));
  await expect(adding).rejects.toThrow("no");
  expect(said).toEqual([`set ${bob}`]);
});

it.each([
  ["to", []],
  ["both", []],
  ["from", [`subscribe ${bob}`]],
  ["none", [`subscribe ${bob}`]],
])("that are %s already are left as they are", async (known, expected) => {
  const { subscriptions, said, resolve } = made({ known });
  resolve();
  await subscriptions.add(bob, undefined, []);
  expect(said.slice(1)).toEqual(expected);
  said.length = 0;
  subscriptions.ask(bob);
  expect(said).toEqual(expected);
});

it("are allowed beforehand where the stream offers it, by its name and namespace", async () => {
  const asked: string[][] = [];
  const { subscriptions, said, resolve } = made({
    known: "both",
    offers: (...feature) => {
      asked.push(feature);
      return true;
    },
  });
  resolve();
  await subscriptions.add(bob, undefined, []);
  expect([said, asked]).toEqual([[`set ${bob}`, `subscribed ${bob}`], [["sub", "urn:xmpp:features:pre-approval"]]]);
});

it("to the own account are none, and nothing is sent for them", async () => {
  const { subscriptions, said } = made();
  await expect(subscriptions.add(alice, undefined, [])).rejects.toMatchObject({ code: "invalid-address" });
  expect(said).toEqual([]);
});

it("settle the request of whom they answer, and of nobody else", () => {
  const { subscriptions, said, settled } = made();
  subscriptions.accept(bob);
  subscriptions.decline("eve@example.test");
  expect([said, settled]).toEqual([
    [`subscribed ${bob}`, "unsubscribed eve@example.test"],
    [bob, "eve@example.test"],
  ]);
});

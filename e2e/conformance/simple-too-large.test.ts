import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openClient, type TestClient } from "../../main/networks/conformance/client.ts";
import { settled } from "../../main/networks/conformance/settled.ts";
import { debian, type RegistrarStage, startRegistrar } from "./simple-registrars.ts";

let stage: RegistrarStage;
const clients: TestClient[] = [];

beforeAll(async () => {
  stage = await startRegistrar(debian());
});
afterAll(async () => {
  for (const client of clients) client.connection.close();
  await stage.stop();
});

async function signedIn(): Promise<TestClient> {
  const client = openClient(stage.harness, await stage.harness.newAccount());
  clients.push(client);
  await client.signIn();
  return client;
}

it("16 kB, which end the connection each time, fail alone as too large at the second loss", async () => {
  const [alice, bob] = [await signedIn(), await signedIn()];
  const [large, next] = [randomUUID(), randomUUID()];
  // As main/accounts does: what waits is sent again in order after each loss, the next one behind the large one.
  const { failure } = await settled(alice, large, async () => {
    await alice.say(bob.address, "x".repeat(16_384), { id: large });
    await alice.say(bob.address, "the next one", { id: next }).catch(() => undefined);
  });
  expect(failure).toBe("too-large");
  await alice.say(bob.address, "the next one", { id: next });
  await bob.message(({ id }) => id === next);
  const states = (id: string): readonly string[] =>
    alice.events.flatMap((event) =>
      event.type === "delivery" && event.id === id ? [event.error?.code ?? event.state] : [],
    );
  await expect.poll(() => states(next).at(-1)).toBe("sent");
  expect(states(large)).toEqual(["waiting", "too-large"]);
  expect(alice.events.filter(({ type }) => type === "connection-lost")).toHaveLength(2);
  expect(bob.messages().map(({ body }) => body)).toEqual(["the next one"]);
});

it("a message just below that goes", async () => {
  const [alice, bob] = [await signedIn(), await signedIn()];
  const id = await alice.say(bob.address, "x".repeat(12_000));
  expect((await bob.message((message) => message.id === id)).body).toHaveLength(12_000);
  expect(alice.events.filter(({ type }) => type === "connection-lost")).toEqual([]);
});

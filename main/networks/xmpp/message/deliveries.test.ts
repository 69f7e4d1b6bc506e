import { describe, expect, it } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import { Deliveries } from "./deliveries.ts";

const peer = "bob@example.test";
const one = (id: string) => ({ id, peer });
const unproven = (id: string) => ({ id, peer, bytes: 10 });

function made() {
  const said: string[] = [];
  const deliveries = new Deliveries((event) => {
    if (event.type === "delivery") said.push(`${event.id} ${event.state}${event.error ? ` ${event.error.code}` : ""}`);
  });
  /** Messages that may be followed. */
  const followed: string[] = [];
  const send = (id: string): void => {
    void deliveries.mayFollow(id).then(() => void followed.push(id));
  };
  return { deliveries, said, followed, send };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("messages of a lost session", () => {
  it("wait, each once, and what is no message says nothing", () => {
    const { deliveries, said } = made();
    deliveries.sent([one("a"), undefined]);
    deliveries.lost([undefined, one("b")], false);
    expect(said).toEqual(["a sent", "b waiting"]);
  });

  it("that the server refused twice in a row fail, those beside them wait, and what is new is no suspect", () => {
    const { deliveries, said } = made();
    deliveries.lost([one("a"), one("b"), one("c")], true);
    deliveries.sent([one("a")]);
    deliveries.lost([one("b"), one("c"), one("d")], true);
    expect(said).toEqual([
      "a waiting",
      "b waiting",
      "c waiting",
      "a sent",
      "b failed too-large",
      "c waiting",
      "d waiting",
    ]);
    deliveries.lost([one("e"), one("d")], true);
    expect(said.slice(7)).toEqual(["d failed too-large", "e waiting"]);
  });

  it("that were lost for another reason are still suspected, until one that is none is acknowledged", () => {
    const { deliveries, said } = made();
    deliveries.lost([one("a")], true);
    deliveries.lost([one("a")], false);
    deliveries.lost([one("a")], true);
    expect(said).toEqual(["a waiting", "a waiting", "a failed too-large"]);
    deliveries.lost([one("b")], true);
    deliveries.sent([one("new")]);
    deliveries.lost([one("b")], true);
    expect(said.slice(3)).toEqual(["b waiting", "new sent", "b waiting"]);
  });
});

describe("a message that came back", () => {
  it("stays failed when it is acknowledged later, once, unless it is sent again", () => {
    const { deliveries, said } = made();
    deliveries.failed("a");
    deliveries.sent([one("a")]);
    deliveries.sent([one("a")]);
    deliveries.failed("b");
    deliveries.begin(one("b"));
    deliveries.sent([one("b")]);
    expect(said).toEqual(["a sent", "b sent"]);
  });

  it("is no suspect any more", async () => {
    const { deliveries, followed, send } = made();
    deliveries.lost([one("a")], true);
    deliveries.failed("a");
    send("a");
    await turn();
    expect(followed).toEqual(["a"]);
  });
});

describe("the next message", () => {
  it("follows at once where nobody is suspected", async () => {
    const { followed, send } = made();
    send("a");
    await turn();
    expect(followed).toEqual(["a"]);
  });

  it.each<[string, (deliveries: Deliveries) => void]>([
    ["is acknowledged", (deliveries) => deliveries.sent([one("a")])],
    ["is lost", (deliveries) => deliveries.lost([one("a")], false)],
    ["comes back", (deliveries) => deliveries.failed("a")],
    ["is sent anew", (deliveries) => deliveries.begin(one("a"))],
    ["lost its stream", (deliveries) => deliveries.interrupted()],
  ])("follows a suspect when that %s, and not before, nor when another does", async (_, conclude) => {
    const { deliveries, followed, send } = made();
    deliveries.lost([one("a"), one("b")], true);
    send("a");
    deliveries.begin(one("b"));
    deliveries.sent([undefined]);
    await turn();
    expect(followed).toEqual([]);
    conclude(deliveries);
    await turn();
    expect(followed).toEqual(["a"]);
  });
});

describe("without acknowledgements", () => {
  function proved() {
    const pings: { answer(): void; refuse(error: unknown): void }[] = [];
    const one = made();
    const ping = (): Promise<unknown> =>
      new Promise((resolve, reject) => pings.push({ answer: () => resolve(undefined), refuse: reject }));
    return { ...one, pings, prove: (id: string) => one.deliveries.prove(unproven(id), ping) };
  }

  it("the reply to a later request proves what was sent before it, and one more what came meanwhile", async () => {
    const { said, pings, prove, deliveries } = proved();
    for (const id of ["a", "b", "c"]) prove(id);
    expect([pings.length, deliveries.unproven.map(({ id }) => id)]).toEqual([1, ["a", "b", "c"]]);
    pings[0]?.answer();
    await turn();
    // The request went out behind the first one only.
    expect([said, pings.length]).toEqual([["a sent"], 2]);
    pings[1]?.answer();
    await turn();
    expect([said, pings.length, deliveries.unproven]).toEqual([["a sent", "b sent", "c sent"], 2, []]);
  });

  it("an error is a reply, and none in time is none", async () => {
    const { said, pings, prove } = proved();
    prove("a");
    pings[0]?.refuse(new HallwayError("unsupported"));
    await turn();
    prove("b");
    pings[1]?.refuse(new HallwayError("timed-out"));
    await turn();
    prove("c");
    pings[2]?.refuse(new Error("odd"));
    await turn();
    expect(said).toEqual(["a sent", "b waiting", "c sent"]);
  });

  it("a reply of a session that is gone proves nothing of the next", async () => {
    const { said, pings, prove, deliveries } = proved();
    prove("a");
    deliveries.lost([], false);
    prove("b");
    expect([said, pings.length]).toEqual([["a waiting"], 2]);
    pings[0]?.answer();
    await turn();
    expect(said).toEqual(["a waiting"]);
    pings[1]?.answer();
    await turn();
    expect(said).toEqual(["a waiting", "b sent"]);
  });
});

import { describe, expect, it } from "vitest";
import { ConversationTurns } from "./conversation-turns.ts";

describe("turns", () => {
  it("keep the order of each person, however long a task takes or however it ends, and hold up nobody else", async () => {
    const turns = new ConversationTurns();
    const done: string[] = [];
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const run = (peer: string, name: string, until: Promise<void> = Promise.resolve()) =>
      turns.run(peer, async () => {
        await until;
        done.push(name);
      });
    const failing = run("anna", "anna 1", first.promise);
    const later = [run("anna", "anna 2"), run("anna", "anna 3", second.promise), run("anna", "anna 4")];
    await run("bob", "bob 1");
    expect([done, turns.length("anna"), turns.length("bob")]).toEqual([["bob 1"], 4, 0]);
    first.reject(new Error("broken"));
    await expect(failing).rejects.toThrow("broken");
    await later[0];
    expect(done).toEqual(["bob 1", "anna 2"]);
    second.resolve();
    await Promise.all(later);
    expect([done, turns.length("anna")]).toEqual([["bob 1", "anna 2", "anna 3", "anna 4"], 0]);
  });

  it("begin anew, whatever those of before still wait for", async () => {
    const turns = new ConversationTurns();
    const never = Promise.withResolvers<void>();
    void turns.run("anna", () => never.promise);
    turns.clear();
    expect(turns.length("anna")).toBe(0);
    expect(await turns.run("anna", async () => "now")).toBe("now");
  });
});

import { effect } from "@preact/signals";
import { expect, it } from "vitest";
import type { BlockRecord, BlockScope } from "../../shared/model/block.ts";
import { blockOf } from "./blocks.ts";
import { createTable } from "./table.ts";

const accountId = "account-1";
const bob = `${accountId}|bob@x.example`;
const service = `${accountId}|x.example`;
const entry = (scope: BlockScope): BlockRecord => ({ id: service, accountId, scope, address: "x.example" });

it("takes the entry of a domain for everybody of it, and that of a service for the service alone", () => {
  const blocked = createTable<BlockRecord>(["scope"]);
  const seen: (BlockScope | undefined)[] = [];
  const stop = effect(() => void seen.push(blockOf({ blocked }, bob)?.scope));
  blocked.put(entry("person"));
  expect(blockOf({ blocked }, service)?.scope).toBe("person");
  blocked.put(entry("domain"));
  expect(blockOf({ blocked }, service)?.scope).toBe("domain");
  stop();
  blocked.dispose();
  expect(seen).toEqual([undefined, undefined, "domain"]);
});

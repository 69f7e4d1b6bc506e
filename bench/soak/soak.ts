import { parseArgs } from "node:util";
import { bundleIfStale, testParts } from "../../build/bundle.ts";
import type { Colleague } from "./colleague.ts";
import { allOnline, incidentsOf } from "./incidents.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { type Office, openOffice } from "./office.ts";
import { Person } from "./person.ts";
import { createDice, type Dice } from "./random.ts";
import { describeResults } from "./report.ts";
import { startTraffic, type Traffic } from "./traffic.ts";
import { judge } from "./verdict.ts";
import { Workstation } from "./workstation.ts";

/**
 * `npm run soak -- MINUTES [--seed N] [--rate N] [--pause SECONDS]`: a company's day against real servers, with
 * everything that goes wrong in one. Exits with 1 where a message was lost, doubled, out of order or came back, where
 * memory grows, or where the window stood still.
 *
 * `--rate`: things done in a minute (60); `--pause`: seconds between incidents (45). The seed, which is printed,
 * decides who does what and what goes wrong; when each of it happens depends on the machine.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: "string" }, rate: { type: "string" }, pause: { type: "string" } },
});
const minutes = Number(positionals[0] ?? "10");
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const rate = Number(values.rate ?? "60");
const pause = Number(values.pause ?? "45");

/**
 * The program is killed at these parts of the run, and lives undisturbed after the last, so that its memory can be
 * judged.
 */
const kills = [0.08, 0.16, 0.24];
const sampleEvery = 30_000;

async function run(): Promise<number> {
  console.log(`Soak of ${minutes} minutes with seed ${seed}: ${rate} things a minute, an incident every ${pause} s.`);
  await bundleIfStale(testParts);
  const office = await openOffice();
  let workstation: Workstation | undefined;
  try {
    workstation = await Workstation.create(office.accounts);
    return await work(office, workstation);
  } finally {
    await workstation?.end();
    await office.stop();
  }
}

async function work(office: Office, workstation: Workstation): Promise<number> {
  const dice = createDice(seed);
  let last = 0;
  const number = (): number => ++last;
  const tables = await workstation.until("online", allOnline);
  const conversations = new Map<Colleague, string>();
  for (const colleague of office.colleagues) {
    const account = tables.accounts.find(({ protocol }) => protocol === colleague.protocol);
    const { conversationId } = await workstation.ask("conversations.start", {
      accountId: account?.id ?? "",
      address: colleague.address,
    });
    conversations.set(colleague, conversationId);
  }
  const traffic = startTraffic({
    person: new Person(workstation, conversations),
    colleagues: office.colleagues,
    dice: createDice(seed + 1),
    rate,
    number,
  });
  const memory = new MemoryWatch(workstation, () =>
    Object.values(traffic.counts).reduce((sum, count) => sum + count, 0),
  );
  const faults: string[] = [];
  const guarded = async (what: string, does: () => Promise<unknown>): Promise<void> => {
    try {
      await does();
    } catch (error) {
      faults.push(`${new Date().toISOString()} ${what}: ${error instanceof Error ? error.message : String(error)}`);
      console.log(faults.at(-1));
    }
  };
  const watch = watchMemory(memory, workstation);
  const incidents: Record<string, number> = {};
  const all = incidentsOf({ office, workstation, traffic, dice, number });
  await happen({
    workstation,
    traffic,
    dice,
    incidents,
    happening: (name) => guarded(name, async () => all[name]?.()),
    names: Object.keys(all),
    guarded,
  });
  clearInterval(watch);
  await traffic.end();
  await guarded("settling", async () => {
    await workstation.until("online", allOnline);
    await workstation.restart();
  });
  const { findings, overtaken } = await judge(workstation, conversations);
  await workstation.takeTasks();
  const { lines, passed } = describeResults({
    minutes,
    seed,
    done: traffic.counts,
    incidents,
    colleagues: office.colleagues,
    findings,
    overtaken,
    faults,
    growth: memory.growth(),
    tasks: workstation.tasks,
  });
  console.log(`\n${lines.join("\n")}\n${passed ? "Everything held." : "Not everything held."}`);
  return passed ? 0 : 1;
}

function watchMemory(memory: MemoryWatch, workstation: Workstation): NodeJS.Timeout {
  return setInterval(() => {
    // A program that is just being killed cannot be asked.
    memory.sample().then(
      (line) => console.log(`${new Date().toISOString()} ${line}`),
      () => undefined,
    );
    workstation.takeTasks().catch(() => undefined);
  }, sampleEvery);
}

/** One incident after the other, until the time is over. Every kind happens before one happens again. */
async function happen(parts: {
  readonly workstation: Workstation;
  readonly traffic: Traffic;
  readonly dice: Dice;
  readonly incidents: Record<string, number>;
  readonly names: readonly string[];
  readonly happening: (name: string) => Promise<void>;
  readonly guarded: (what: string, does: () => Promise<unknown>) => Promise<void>;
}): Promise<void> {
  const { workstation, dice, incidents, names, happening, guarded } = parts;
  const started = Date.now();
  const end = started + minutes * 60_000;
  const due = kills.map((part) => started + part * minutes * 60_000);
  let bag: string[] = [];
  while (Date.now() < end) {
    await new Promise((resolve) =>
      setTimeout(resolve, Math.min(pause * 1000 * dice.between(0.5, 1.5), Math.max(0, end - Date.now()))),
    );
    if (bag.length === 0) bag = [...names];
    const kill = due[0] !== undefined && Date.now() > due[0];
    if (kill) due.shift();
    const name = kill ? "kill" : dice.pick(bag);
    bag = bag.filter((one) => one !== name);
    incidents[name] = (incidents[name] ?? 0) + 1;
    console.log(`${new Date().toISOString()} ${name}`);
    if (kill) await guarded("kill", () => workstation.killAndStart());
    else await happening(name);
  }
}

// Servers and windows are stopped with this process; Ctrl+C must run those handlers too.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
process.exitCode = await run();

import { randomUUID } from "node:crypto";
import { createCertificates } from "../../e2e/servers/certificates.ts";
import { startProsody } from "../../e2e/servers/prosody.ts";
import type { SeedMessage } from "../../e2e/servers/prosody-data.ts";
import type { BenchAccount } from "../core/headless.ts";
import { pauseRows } from "../core/pauses.ts";
import type { Figure } from "../figure.ts";
import { createTalk } from "../talk.ts";
import { runWorker } from "../worker.ts";
import type { CatchUpResult, RawInput } from "../workers/raw-catch-up.ts";

const domain = "example.test";
const archived = 20_000;
const people = 40;
const runs = 5;
const pageSize = 250;
const day = 24 * 3600 * 1000;

/** Twenty days of talk with forty people on the contact list, half of it our own words. */
function seedMessages(user: string, now: number): readonly SeedMessage[] {
  const talk = createTalk(4);
  const mine = `${user}@${domain}`;
  return Array.from({ length: archived }, (_, index) => {
    const theirs = `person-${index % people}@${domain}`;
    const isOwn = (index / people) % 2 < 1;
    return {
      id: randomUUID(),
      from: isOwn ? mine : theirs,
      to: isOwn ? theirs : mine,
      body: talk.next(),
      at: now - 20 * day + Math.floor((index * 20 * day) / archived),
    };
  });
}

/** 20,000 archived messages read, stored and indexed, beside the stock client that reads and counts them. */
export const catchUp: Figure = {
  name: "catch-up",
  title: `Catch-up with ${archived.toLocaleString("en")} archived messages (Prosody, pages of ${pageSize})`,
  async measure({ say }) {
    const certificates = await createCertificates([domain, `rooms.${domain}`]);
    const server = await startProsody({ domain, certificate: certificates.good, archive: "sqlite" });
    try {
      const user = "reader";
      const password = randomUUID();
      const now = Date.now();
      await server.addUser(user, password);
      await server.seedRoster(
        user,
        Array.from({ length: people }, (_, index) => ({
          address: `person-${index}@${domain}`,
          name: `Person ${index}`,
          subscription: "none" as const,
        })),
      );
      await server.seedArchive(user, seedMessages(user, now));
      const port = server.ports.starttls;
      const raw: RawInput = { domain, port, user, password, since: now - 30 * day, pageSize };
      const account: BenchAccount = {
        protocol: "xmpp",
        address: `${user}@${domain}`,
        password,
        server: { host: "127.0.0.1", port, transport: "starttls", caPem: certificates.authority.pem },
      };
      const counting: Omit<CatchUpResult, "pauses">[] = [];
      const storing: CatchUpResult[] = [];
      for (let run = 0; run < runs; run++) {
        const counted = await runWorker<Omit<CatchUpResult, "pauses">>("raw-catch-up", raw, {
          env: { NODE_EXTRA_CA_CERTS: certificates.authority.path },
        });
        const stored = await runWorker<CatchUpResult>("catch-up", account);
        for (const { messages } of [counted, stored])
          if (messages !== archived) throw new Error(`${messages} of ${archived} messages arrived`);
        say(
          `run ${run + 1}: counted in ${Math.round(counted.wall)} ms (${Math.round(counted.cpu)} ms of processor), stored in ${Math.round(stored.wall)} ms (${Math.round(stored.cpu)} ms)`,
        );
        counting.push(counted);
        storing.push(stored);
      }
      return [
        { what: "Stock @xmpp/client, only counting", unit: "ms", samples: counting.map(({ wall }) => wall) },
        { what: "Hallway: stored, encrypted, indexed", unit: "ms", samples: storing.map(({ wall }) => wall) },
        {
          what: "Hallway against the counting loop, each pair of runs",
          unit: "x",
          target: 2,
          samples: storing.map(({ wall }, run) => wall / (counting[run]?.wall ?? 0)),
        },
        {
          what: "Stock @xmpp/client: processor time",
          unit: "ms",
          samples: counting.map(({ cpu }) => cpu),
          note: "all threads of the client's process",
        },
        {
          what: "Hallway: processor time",
          unit: "ms",
          samples: storing.map(({ cpu }) => cpu),
          note: "all threads: network, main loop, database worker",
        },
        ...pauseRows(storing.map(({ pauses }) => pauses)),
      ];
    } finally {
      await server.stop();
      await certificates.remove();
    }
  },
};

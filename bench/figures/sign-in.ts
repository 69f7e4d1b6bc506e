import { dinoMissing, startDino } from "../../e2e/peers/dino.ts";
import { startCrowd } from "../core/crowd.ts";
import type { Figure, Row } from "../figure.ts";
import { runWorker } from "../worker.ts";
import type { SignInInput } from "../workers/sign-in.ts";

const runs = 5;
const note = "from the first byte of the connection to the presence at somebody on the list";

/** How long a first sign-in takes where the contact list is very long, beside a client that nobody here wrote. */
export const signIn: Figure = {
  name: "sign-in",
  title: "First sign-in with 10,000 contacts until somebody on the list has the presence (Prosody, beside Dino)",
  async measure({ say }) {
    const missing = dinoMissing();
    if (missing !== undefined) say(`Dino is left out: ${missing}`);
    const crowd = await startCrowd();
    const ours: number[] = [];
    const dinos: number[] = [];
    try {
      for (let run = 0; run < runs; run++) {
        const way = await crowd.way(/(?!dino)/);
        const { account } = crowd;
        const server = { ...account.server, port: way.port };
        await runWorker<true>("sign-in", { account: { ...account, server } } satisfies SignInInput);
        ours.push(await way.took);
        if (missing === undefined) {
          const other = await crowd.way(/dino/);
          const dino = await startDino({ zone: other.zone, authorityPem: crowd.authorityPem }, account);
          dinos.push(await other.took);
          await dino.stop();
        }
        say(`run ${run + 1}: Hallway ${Math.round(ours.at(-1) ?? 0)} ms, Dino ${Math.round(dinos.at(-1) ?? 0)} ms`);
      }
    } finally {
      await crowd.stop();
    }
    const rows: Row[] = [{ what: "Hallway", unit: "ms", samples: ours, note }];
    if (dinos.length === 0) return rows;
    const ratio = ours.map((took, run) => took / (dinos[run] ?? Number.NaN));
    return [
      ...rows,
      { what: "Dino", unit: "ms", samples: dinos },
      { what: "Hallway against Dino, each pair of runs", unit: "x", samples: ratio, target: 1 },
    ];
  },
};

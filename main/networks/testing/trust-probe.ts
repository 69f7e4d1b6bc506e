import { outcomeOf, type WayOut, waysOut } from "./ways-out.ts";

/**
 * A process of its own, since what it tries depends on the environment that a process is started with: reaches one
 * server, whose certificate nobody vouches for, in every way that the program has. Arguments: its port, and PEM with
 * which it would be trusted. Writes a line of JSON.
 */
const [, , port = "", pem = ""] = process.argv;
const way: WayOut = {
  port: Number(port),
  anchors: [],
  minVersion: "TLSv1.2",
  mayHave: () => true,
  revocation: undefined,
  signal: AbortSignal.timeout(20_000),
};
const found: Record<string, string> = {};
for (const [kind, reach] of Object.entries(waysOut)) found[kind] = await outcomeOf(reach(way));
found["with its authority"] = await outcomeOf(
  waysOut["a web server"]?.({ ...way, anchors: [pem] }) ?? Promise.reject(),
);
console.log(JSON.stringify(found));
process.exit(0);

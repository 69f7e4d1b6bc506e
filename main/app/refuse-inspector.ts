import { url } from "node:inspector";

/**
 * Hallway was started with something that would let other programs read or steer it. `what`: as it stands on the
 * command line.
 */
export class RefusedSwitch extends Error {
  readonly what: string;

  constructor(what: string) {
    super(`started with ${what}`);
    this.what = what;
  }
}

/**
 * Refuses to open the person's files in a process that others can inspect: Node's own debugger, asked for by a flag or
 * by NODE_OPTIONS (the packaged program has that closed by a fuse). From now on no signal opens it either. Error:
 * RefusedSwitch.
 */
export function refuseInspector(
  inspector: () => string | undefined = url,
  signals: Pick<NodeJS.Process, "on"> = process,
): void {
  if (inspector() !== undefined) throw new RefusedSwitch("--inspect");
  // Node opens the debugger at this signal unless somebody else listens to it.
  signals.on("SIGUSR1", () => undefined);
}

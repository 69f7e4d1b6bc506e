import { spawnSync } from "node:child_process";
import { EventEmitter } from "node:events";
import { expect, it } from "vitest";
import { ForeignLock } from "../instance/lock.ts";
import { RefusedSwitch, refuseInspector } from "./refuse-inspector.ts";
import { startFailure, startRefusal } from "./start-refusal.ts";

const module = JSON.stringify(new URL("refuse-inspector.ts", import.meta.url).href);
const script = `import { refuseInspector } from ${module}; refuseInspector(); console.log("up");`;

function start(flags: readonly string[], env: NodeJS.ProcessEnv = {}): { readonly out: string; readonly err: string } {
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, "--input-type=module", "-e", script], {
    env: { ...process.env, ...env },
    encoding: "utf8",
  });
  return { out: stdout.trim(), err: stderr };
}

it("does not start under a debugger, whichever way it was asked for", () => {
  expect(start(["--inspect=127.0.0.1:0"])).toMatchObject({
    out: "",
    err: expect.stringContaining("started with --inspect"),
  });
  expect(start([], { NODE_OPTIONS: "--inspect=127.0.0.1:0" })).toMatchObject({
    out: "",
    err: expect.stringContaining("started with --inspect"),
  });
  expect(start([]).out).toBe("up");
});

it("says why in the person's language", () => {
  expect(startRefusal(new ForeignLock("/tmp/hallway-1"), "en")).toContain("/tmp/hallway-1 belongs to another user");
  expect(startRefusal(new RefusedSwitch("--inspect"), "fr")).toContain("ne démarre pas avec --inspect");
  expect(startRefusal(new Error("other"), "en")).toBeUndefined();
  expect(startFailure(new Error("EIO"), "/x/hallway.log", "en")).toBe(
    "Hallway could not start. Something went wrong inside Hallway. " +
      "If it happens again, give your IT department the file /x/hallway.log.",
  );
});

it("leaves the signal with which a debugger is attached without effect", () => {
  const signals = new EventEmitter() as unknown as NodeJS.Process;
  refuseInspector(() => undefined, signals);
  expect(signals.listenerCount("SIGUSR1")).toBe(1);
});

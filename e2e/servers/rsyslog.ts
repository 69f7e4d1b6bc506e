import { readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Certificates } from "./certificates.ts";
import { freePorts, waitForPort } from "./ports.ts";
import { createRunFolder } from "./run-folder.ts";
import { type ServerProcess, startProcess } from "./server-process.ts";

/** A real rsyslog that takes syslog over TLS (RFC 5425) on loopback and writes every message to a file. */
export interface RsyslogServer {
  readonly port: number;
  /** Every message so far, as it came over the wire. */
  messages(): Promise<string[]>;
  /**
   * SIGKILL, as a power cut would; `start` brings it back on the same port with every message that it had written
   * whole.
   */
  kill(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

const startTimeout = 30_000;

/** `driver`: rsyslog's TLS library. OpenSSL's answers our goodbye with its own, GnuTLS's only closes. */
export async function startRsyslog({
  certificates,
  driver,
}: {
  readonly certificates: Certificates;
  readonly driver: "ossl" | "gtls";
}): Promise<RsyslogServer> {
  const folder = await createRunFolder("rsyslog");
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error("a port was asked for");
  const config = join(folder.path, "rsyslog.conf");
  const output = join(folder.path, "received.log");
  const { certPath, keyPath } = certificates.good;
  await writeFile(
    config,
    `global(workDirectory="${folder.path}" defaultNetstreamDriver="${driver}" defaultNetstreamDriverCAFile="${certificates.authority.path}"
  defaultNetstreamDriverCertFile="${certPath}" defaultNetstreamDriverKeyFile="${keyPath}")
# Each message is written, and flushed to the disk, before the next is read: nothing that was read waits in memory.
main_queue(queue.type="Direct")
module(load="imtcp" streamDriver.name="${driver}" streamDriver.mode="1" streamDriver.authMode="anon")
template(name="raw" type="string" string="%rawmsg%\\n")
ruleset(name="archive" queue.type="Direct") {
  action(type="omfile" file="${output}" template="raw" sync="on" asyncWriting="off" flushOnTXEnd="on")
}
input(type="imtcp" port="${port}" address="127.0.0.1" ruleset="archive")
`,
  );
  const launch = async (): Promise<ServerProcess> => {
    const args = ["-n", "-f", config, "-i", join(folder.path, "pid")];
    const started = startProcess({
      command: "/usr/sbin/rsyslogd",
      args,
      folder: folder.path,
      log: join(folder.path, "output.log"),
    });
    try {
      await waitForPort(port, startTimeout, started.ended);
    } catch (error) {
      await started.stop();
      throw error;
    }
    return started;
  };
  let process = await launch();
  return {
    port,
    async messages() {
      const text = await readFile(output, "utf8").catch(() => "");
      return text.split("\n").filter((line) => line !== "");
    },
    kill: () => process.kill(),
    async start() {
      // A message that it was writing when it died is none, and must not run into the next one.
      const written = await readFile(output).catch(() => Buffer.alloc(0));
      if (written.length > 0) await truncate(output, written.lastIndexOf("\n") + 1);
      process = await launch();
    },
    async stop() {
      await process.stop();
      await folder.remove();
    },
  };
}

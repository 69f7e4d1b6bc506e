import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePorts, waitForPort } from "./ports.ts";
import { createRunFolder } from "./run-folder.ts";
import { startProcess } from "./server-process.ts";

/** A real proxy on loopback. */
export interface ProxyServer {
  readonly host: "127.0.0.1";
  readonly port: number;
  /** Login that it asks for, where it asks for any. */
  readonly login: { readonly user: string; readonly password: string } | undefined;
  /** Its log. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** `http`: tinyproxy; `socks5`: microsocks. `login`: it lets only those through who say who they are. */
export async function startProxyServer(
  kind: "http" | "socks5",
  options: { readonly login?: boolean } = {},
): Promise<ProxyServer> {
  const folder = await createRunFolder(kind === "http" ? "tinyproxy" : "microsocks");
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error("a port was asked for");
  const login = options.login ? { user: "ann", password: randomUUID() } : undefined;
  const config = join(folder.path, "tinyproxy.conf");
  const lines = [
    `Port ${port}`,
    "Listen 127.0.0.1",
    "Allow 127.0.0.1",
    "Timeout 600",
    "LogLevel Connect",
    ...(login ? [`BasicAuth ${login.user} ${login.password}`] : []),
  ];
  await writeFile(config, `${lines.join("\n")}\n`);
  const log = join(folder.path, "output.log");
  const started =
    kind === "http"
      ? startProcess({ command: "tinyproxy", args: ["-d", "-c", config], folder: folder.path, log })
      : startProcess({
          command: "microsocks",
          args: ["-i", "127.0.0.1", "-p", String(port), ...(login ? ["-u", login.user, "-P", login.password] : [])],
          folder: folder.path,
          log,
        });
  try {
    await waitForPort(port, 30_000, started.ended);
  } catch (error) {
    await started.stop();
    await folder.remove();
    throw error;
  }
  return {
    host: "127.0.0.1",
    port,
    login,
    log: () => readFile(log, "utf8"),
    async stop() {
      await started.stop();
      await folder.remove();
    },
  };
}

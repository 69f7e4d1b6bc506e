import { afterEach } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import type { ServerSettings } from "../../../../shared/model/account.ts";
import type { NetworkEnvironment } from "../../environment.ts";
import type { SignedIn } from "../../network.ts";
import { createTestCertificate, type TestCertificate } from "./certificate.ts";
import { openTestClient, type TestClient } from "./client.ts";
import { type ScriptedServer, type ScriptOptions, startScriptedServer } from "./scripted-server.ts";

/** Scripted servers and our clients of one test file; what a test has started ends with it. */
export class ScriptedFixture {
  readonly certificate: TestCertificate = createTestCertificate("example.test");
  #cleanups: (() => unknown)[] = [];

  constructor() {
    afterEach(async () => {
      const all = this.#cleanups.reverse();
      this.#cleanups = [];
      for (const clean of all) await clean();
    });
  }

  /** Has something done when the test ends; the latest first. */
  atEnd(clean: () => unknown): void {
    this.#cleanups.push(clean);
  }

  /** A server that offers TLS with the certificate that our clients trust. */
  server(options: ScriptOptions = {}): Promise<ScriptedServer> {
    return this.plainServer({ certificate: this.certificate, ...options });
  }

  /** A server as the script has it, by itself without TLS. */
  async plainServer(options: ScriptOptions): Promise<ScriptedServer> {
    const started = await startScriptedServer(options);
    this.atEnd(() => started.stop());
    return started;
  }

  /** Our client; at port 0 it looks for the server of its domain by DNS. */
  open(port: number, settings: ServerSettings = {}, environment?: NetworkEnvironment): TestClient {
    const place = port === 0 ? {} : { host: "127.0.0.1", port };
    const client = openTestClient({ ...place, caPem: this.certificate.pem, ...settings }, environment);
    this.atEnd(() => client.connection.close());
    return client;
  }
}

export function connect(client: TestClient, signal: AbortSignal = new AbortController().signal): Promise<SignedIn> {
  return client.connection.connect({ availability: "available" }, signal);
}

/** Code of the error that some work ends with, or `fulfilled`. */
export function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "fulfilled",
    (error: unknown) => (error instanceof HallwayError ? error.code : `not ours: ${String(error)}`),
  );
}

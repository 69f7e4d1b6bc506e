import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Files of a certificate and its key, PEM. */
interface Signer {
  readonly path: string;
  readonly keyPath: string;
}

/**
 * A real OCSP responder that speaks for one authority: openssl reads each request and writes its answer; HTTP is on
 * loopback only.
 */
export interface OcspResponder {
  readonly url: string;
  /** How many requests came. */
  readonly asked: number;
  /** Sets what it says about certificates (PEM) from now on; others are unknown to it. */
  say(states: readonly { readonly pem: string; readonly state: "good" | "revoked" }[]): Promise<void>;
  /**
   * The answer to a request, DER; signed by another than the authority when one is named. The next one is said to come
   * after so many days; one.
   */
  answer(request: Uint8Array, signer?: Signer, days?: number): Promise<Buffer>;
  /** From now on it answers nothing that can be read, or again. */
  falter(faltering: boolean): void;
  stop(): Promise<void>;
}

export async function startOcspResponder(authority: Signer): Promise<OcspResponder> {
  const folder = await mkdtemp(join(tmpdir(), "hallway-ocsp-"));
  const index = join(folder, "index.txt");
  await writeFile(index, "");
  let asked = 0;
  let answers = 0;
  let faltering = false;

  async function answer(request: Uint8Array, signer = authority, days = 1): Promise<Buffer> {
    const base = join(folder, String(++answers));
    await writeFile(`${base}.req`, request);
    const files = [
      "-index",
      index,
      "-CA",
      authority.path,
      "-rsigner",
      signer.path,
      "-rkey",
      signer.keyPath,
      "-reqin",
      `${base}.req`,
      "-respout",
      `${base}.resp`,
    ];
    await promisify(execFile)("openssl", ["ocsp", ...files, "-ndays", String(days)], { timeout: 10_000 });
    return readFile(`${base}.resp`);
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      asked += 1;
      (faltering ? Promise.resolve(Buffer.from("no answer")) : answer(Buffer.concat(chunks))).then(
        (der) => response.writeHead(200, { "Content-Type": "application/ocsp-response" }).end(der),
        () => response.writeHead(500).end(),
      );
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/`,
    get asked() {
      return asked;
    },
    async say(states) {
      const lines = states.map(({ pem, state }) => {
        const { serialNumber, subject } = new X509Certificate(pem);
        const serial = serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`;
        const name = `/${subject.replaceAll("\n", "/")}`;
        return state === "good"
          ? `V\t360101000000Z\t\t${serial}\tunknown\t${name}\n`
          : `R\t360101000000Z\t260101000000Z\t${serial}\tunknown\t${name}\n`;
      });
      await writeFile(index, lines.join(""));
    },
    answer,
    falter(now) {
      faltering = now;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true });
    },
  };
}

import { randomUUID } from "node:crypto";
import { open } from "node:fs/promises";
import type { IncomingMessage } from "node:http";
import { requestOver } from "../../../networks/dial.ts";
import { reachServer, type ServerReach } from "../../../networks/dial-host.ts";
import { http } from "../../../networks/http.ts";
import { batchId } from "../item-id.ts";
import { type Destination, NotNow, notNow, type Parcel, Refused } from "./destination.ts";

export interface HttpsPlace {
  readonly url: string;
  readonly authority: string | undefined;
  readonly authorizationFile: string | undefined;
  /** For all of one delivery, in milliseconds; 60 s. */
  readonly timeout?: number | undefined;
}

const usualTimeout = 60_000;
/** Longest value of the Authorization header, in octets. */
const maxAuthorization = 16_384;
/** However long the receiver asks us to stay away, we come again after this, in milliseconds. */
const longestPause = 3_600_000;
/** RFC 9110 section 15.5.14 and 15.5.21: this request will fare no better another time. */
const forEver: ReadonlySet<number> = new Set([413, 422]);

/**
 * HTTPS: each batch is one POST. Parcels of JSON go as JSON Lines (`application/x-ndjson`), others as `multipart/mixed`
 * with one part each. `Idempotency-Key` is made from the ids in the batch. 2xx: taken. 413 and 422: never. Anything
 * else, redirects too, which could lead the text elsewhere: not now; Retry-After is obeyed.
 */
export function createHttpsDestination(place: HttpsPlace, reach: ServerReach): Destination {
  const url = new URL(place.url);
  const server = { host: url.hostname, port: Number(url.port || 443), authority: place.authority };

  async function post(parcels: readonly Parcel[], signal: AbortSignal): Promise<IncomingMessage> {
    const { type, body } = pack(parcels);
    const authorization =
      place.authorizationFile === undefined ? undefined : await readAuthorization(place.authorizationFile);
    const sending = requestOver(await reachServer(server, reach, signal), url.host, {
      method: "POST",
      path: `${url.pathname}${url.search}`,
      signal,
      headers: {
        "content-type": type,
        "content-length": body.length,
        "idempotency-key": `"${batchId(parcels.map(({ id }) => id))}"`,
        "user-agent": "Hallway",
        ...(authorization === undefined ? {} : { authorization }),
      },
    });
    return new Promise((resolve, reject) => {
      sending.on("error", reject);
      sending.once("response", resolve);
      sending.end(body);
    });
  }

  return {
    async deliver(parcels, signal) {
      const limit = AbortSignal.timeout(place.timeout ?? usualTimeout);
      let response: IncomingMessage | undefined;
      try {
        response = await post(parcels, AbortSignal.any([signal, limit]));
        // An answer that breaks off is none; what it says beyond its status does not matter.
        await finished(response);
      } catch (error) {
        response?.destroy();
        throw limit.aborted ? new NotNow("no-answer", { cause: error }) : notNow(error);
      }
      const status = response.statusCode ?? 0;
      if (status >= 200 && status < 300) return;
      if (forEver.has(status)) throw new Refused(`HTTP ${status}`);
      const wait = pause(response.headers["retry-after"], Date.now());
      throw new NotNow(`HTTP ${status}`, wait === undefined ? {} : { retryAfter: wait });
    },
    async probe(signal) {
      const limit = AbortSignal.timeout(place.timeout ?? usualTimeout);
      if (place.authorizationFile !== undefined) await readAuthorization(place.authorizationFile);
      try {
        (await reachServer(server, reach, AbortSignal.any([signal, limit]))).destroy();
      } catch (error) {
        throw limit.aborted ? new NotNow("no-answer", { cause: error }) : notNow(error);
      }
    },
  };
}

/** Reads the answer to its end, of which little is kept. Rejects when it breaks off. */
function finished(response: IncomingMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    let length = 0;
    response.on("data", (chunk: Buffer) => {
      length += chunk.length;
      if (length > 1_048_576) response.destroy(new NotNow("answer-too-long"));
    });
    response.once("error", reject);
    response.once("close", () => (response.complete ? resolve() : reject(new NotNow("ended-early"))));
  });
}

function pack(parcels: readonly Parcel[]): { readonly type: string; readonly body: Buffer } {
  if (parcels.every(({ mediaType }) => mediaType === "application/json"))
    return { type: "application/x-ndjson", body: Buffer.from(parcels.map(({ text }) => `${text}\n`).join("")) };
  const boundary = `hallway-${randomUUID()}`;
  const parts = parcels.map(
    ({ id, what, mediaType, text }) =>
      `--${boundary}\r\nContent-Type: ${mediaType}; charset=utf-8\r\nContent-ID: <${id}@hallway>\r\nHallway-What: ${what}\r\n\r\n${text}\r\n`,
  );
  return { type: `multipart/mixed; boundary=${boundary}`, body: Buffer.from(`${parts.join("")}--${boundary}--\r\n`) };
}

/** The value of the header, read anew each time: it may be replaced under us. Nothing of it is ever written down. */
async function readAuthorization(path: string): Promise<string> {
  try {
    const file = await open(path, "r");
    try {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(maxAuthorization + 1));
      const value = buffer.subarray(0, bytesRead).toString("utf8").trim();
      if (bytesRead > maxAuthorization || value === "") throw new NotNow("authorization-file-unusable");
      http().validateHeaderValue("authorization", value);
      return value;
    } finally {
      await file.close();
    }
  } catch {
    // The cause is left out: it may quote the value.
    throw new NotNow("authorization-file-unusable");
  }
}

/** RFC 9110 section 10.2.3: seconds, or a date; milliseconds from now. */
export function pause(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const until = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isFinite(until) && until > 0 ? Math.min(until, longestPause) : undefined;
}

import type { IncomingMessage } from "node:http";
import { HallwayError } from "../../shared/errors.ts";

/**
 * The whole body of a response of at most so many bytes; rejects with `too-large` when it is larger (and ends the
 * connection), and when it breaks off.
 */
export function boundedBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response.on("data", (chunk: Buffer) => {
      size += chunk.length;
      chunks.push(chunk);
      if (size > maxBytes) response.destroy(new HallwayError("too-large"));
    });
    response.on("error", reject);
    response.on("end", () => resolve(Buffer.concat(chunks)));
  });
}

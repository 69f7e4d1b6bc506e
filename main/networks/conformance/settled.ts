import { type ErrorCode, toErrorInfo } from "../../../shared/errors.ts";
import type { TestClient } from "./client.ts";

/** Losses after which an item of known id must have failed alone (RFC 3428 section 8 is the model). */
export const maxLosses = 2;

/** Outcome of an item: why it failed, or nothing where it did not. */
export interface Settled {
  readonly failure: ErrorCode | undefined;
}

/**
 * Sends an item as main/accounts does: under the same id again after each loss, until something became of it. The
 * client is signed in afterwards. `send` rejects with the reason why it is not sent.
 */
export async function settled(client: TestClient, id: string, send: () => Promise<unknown>): Promise<Settled> {
  const isLostSince = (since: number): boolean =>
    client.events.slice(since).some(({ type }) => type === "connection-lost");
  for (let lost = 0; lost <= maxLosses; lost += 1) {
    const since = client.now();
    const refusal = await send().then(
      () => undefined,
      (error: unknown) => toErrorInfo(error).code,
    );
    if (refusal !== undefined && refusal !== "offline") return { failure: refusal };
    const outcome = await Promise.any([
      client.event("delivery", (event) => event.id === id && event.state !== "waiting", since),
      client.event("connection-lost", () => true, since),
    ]);
    if (outcome.type === "connection-lost" || isLostSince(since)) await client.signIn();
    if (outcome.type === "delivery")
      return { failure: outcome.state === "failed" ? (outcome.error?.code ?? "internal") : undefined };
  }
  throw new Error(`${id} was sent again and again`);
}

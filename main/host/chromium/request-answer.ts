import { findPage, type Pages } from "../pages.ts";
import type { CdpEvent, CdpParams, CdpPipe } from "./pipe.ts";
import { isRecord } from "./pipe.ts";

/**
 * The address that our page lives at. The desktop shows its host below every notification, so it is the program's name;
 * whatever a resolver would make of it, no name is asked for and no request leaves (flags.ts, and the answers below).
 */
export const pageOrigin = "https://hallway";

/** Which command answers a paused request. */
export interface RequestAnswer {
  readonly method: "Fetch.fulfillRequest" | "Fetch.failRequest";
  readonly params: CdpParams;
}

/**
 * Answers every request of the whole browser: our own files to GET and HEAD of our own origin, nothing to anything
 * else. A refused navigation is "aborted", which leaves the page where it is; anything else is "blocked".
 */
export function answerRequest(pages: Pages, params: CdpParams): RequestAnswer | undefined {
  const requestId = params["requestId"];
  if (typeof requestId !== "string") return undefined;
  const request = isRecord(params["request"]) ? params["request"] : {};
  const { url, method } = request;
  const page =
    typeof url === "string" && (method === "GET" || method === "HEAD") ? findPage(pages, pageOrigin, url) : undefined;
  if (page === undefined) {
    const errorReason = params["resourceType"] === "Document" ? "Aborted" : "BlockedByClient";
    return { method: "Fetch.failRequest", params: { requestId, errorReason } };
  }
  const responseHeaders = Object.entries(page.headers).map(([name, value]) => ({ name, value }));
  return {
    method: "Fetch.fulfillRequest",
    params: { requestId, responseCode: 200, responseHeaders, body: page.body.toString("base64") },
  };
}

/** Handles `Fetch.requestPaused`, from the browser or from a target's session. Undefined: it is another event. */
export function handleRequest(pipe: CdpPipe, pages: Pages, event: CdpEvent): "handled" | "refused" | undefined {
  if (event.method !== "Fetch.requestPaused") return undefined;
  const answer = answerRequest(pages, event.params);
  if (answer === undefined) return "handled";
  // The request may have been given up meanwhile; then there is nobody to answer.
  pipe.send(answer.method, answer.params, event.sessionId).catch(() => undefined);
  return answer.method === "Fetch.failRequest" ? "refused" : "handled";
}

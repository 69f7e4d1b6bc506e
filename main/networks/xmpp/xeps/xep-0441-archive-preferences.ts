import xml from "@xmpp/xml";
import { HallwayError } from "../../../../shared/errors.ts";
import { defineExtension } from "../extension.ts";
import type { ExtensionHost } from "../extension-host.ts";
import { childOf } from "../xml/element.ts";

const nsArchive = "urn:xmpp:mam:2";

/** The default that the server confirmed for messages to come. */
type Archiving = "always" | "never";

/**
 * `feature-not-implemented` and `service-unavailable`: how a server says that it does not know what was asked (RFC 6120
 * section 8.3.3).
 */
const notKnown: ReadonlySet<string> = new Set(["unsupported", "recipient-unreachable"]);

const wanted = { require: "always", forbid: "never", allow: undefined } as const;

/**
 * Message Archive Management Preferences: policy ServerArchiveMode, before anybody can write to this device. A server
 * that does not archive where that is required, or that archives and cannot be told not to, is not signed in to.
 */
export const archivePreferences = defineExtension({
  name: "XEP-0441: Message Archive Management Preferences",
  features: [],
  attach: (session) => {
    let archiving: Archiving | undefined;
    return {
      precondition: {
        wanted: () => wanted[session.environment.rules.archive()] !== archiving,
        async pass() {
          const wish = wanted[session.environment.rules.archive()];
          archiving = undefined;
          if (wish !== undefined) archiving = await ask(session, wish);
        },
      },
      ended: () => {
        archiving = undefined;
      },
      commands: { archiving: () => archiving },
    };
  },
});

/** Errors: `blocked-by-policy` where the server does not do it, `timed-out`, `connection-lost`. */
async function ask(session: ExtensionHost, wish: Archiving): Promise<Archiving> {
  const refused = (cause?: unknown) =>
    new HallwayError("blocked-by-policy", { setting: "ServerArchiveMode", host: session.domain }, cause);
  try {
    const answer = await session.request(
      "set",
      xml("prefs", { xmlns: nsArchive, default: wish }, xml("always"), xml("never")),
    );
    const preferences = childOf(answer, "prefs", nsArchive);
    // Section 2: the server answers with what now counts, which need not be what was asked for. Nobody may be left out
    // of it.
    const except = preferences && childOf(preferences, wish === "always" ? "never" : "always", nsArchive);
    if (preferences?.attrs["default"] !== wish || (except && except.getChildren("jid").length > 0)) throw refused();
    return wish;
  } catch (error) {
    if (!(error instanceof HallwayError) || error.code === "blocked-by-policy") throw error;
    if (error.code === "timed-out" || error.code === "connection-lost" || error.code === "cancelled") throw error;
    // A server that knows no archive keeps none.
    if (wish === "never" && notKnown.has(error.code) && !session.discovery.offers(nsArchive)) return wish;
    throw refused(error);
  }
}

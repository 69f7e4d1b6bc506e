import { HallwayError, toErrorInfo } from "../../shared/errors.ts";
import type { CommandMessage } from "../../shared/ipc/transport.ts";
import { readDeepLink } from "../addressing/deep-link.ts";
import type { Host } from "../host/host.ts";
import type { Log } from "../networks/log.ts";

interface DesktopLinksOptions {
  readonly host: Pick<Host, "send">;
  readonly log: Pick<Log, "info">;
  /** Whether the window can show a chat now: unlocked, with an account, and no notice to accept first. */
  readonly isReady: () => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A link that could not be shown for so long is forgotten, in milliseconds: nobody remembers having opened it. */
const longestWait = 10 * 60_000;

/**
 * Links that the desktop hands over (main/addressing/deep-link.ts), on their way to the window. One waits until the
 * window can show what it asks for; the next one takes its place. A link fills in the dialog of a new chat and nothing
 * else.
 */
export class DesktopLinks {
  readonly #options: DesktopLinksOptions;
  #waiting: { readonly command: CommandMessage["command"]; readonly since: number } | undefined;
  #isHeard = false;

  constructor(options: DesktopLinksOptions) {
    this.#options = options;
  }

  open(link: string): void {
    const { log, now } = this.#options;
    const wait = (command: CommandMessage["command"]): void => {
      this.#waiting = { command, since: now() };
    };
    try {
      wait({ name: "new-chat", ...readDeepLink(link) });
    } catch (error) {
      // What it says stays out of the log: it may be an address or a text.
      log.info("A link could not be opened", { code: toErrorInfo(error).code });
      wait({ name: "new-chat", error: toErrorInfo(new HallwayError("link-refused")) });
    }
  }

  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  /** The page has asked for everything that it shows, so it is there and listens. */
  pageAsked(): void {
    this.#isHeard = true;
    this.handLater();
  }

  /** The same as `hand`, after what is being done now: an answer, a sign-in. */
  handLater(): void {
    if (this.#waiting !== undefined) setImmediate(() => this.hand());
  }

  /** Hands over the link that waits, if the window can show it now. */
  hand(): void {
    const { host, isReady, now } = this.#options;
    if (this.#waiting === undefined || !this.#isHeard || !isReady()) return;
    const { command, since } = this.#waiting;
    this.#waiting = undefined;
    if (now() - since <= longestWait) host.send({ kind: "command", command });
  }
}

import { join } from "node:path";
import { HallwayError } from "../../shared/errors.ts";
import { watchIdle } from "../accounts/own-presence.ts";
import { createTimeZone } from "../host/time-zone.ts";
import { Dispatcher } from "../ipc/dispatch.ts";
import { createHandlers, type Services } from "../ipc/handlers/handlers.ts";
import { IdleLock } from "../lock/idle-lock.ts";
import { readSystemAnchors } from "../networks/system-anchors.ts";
import type { AppOptions } from "./app-options.ts";
import { createFoundation, type Foundation } from "./foundation.ts";
import { KeyChange } from "./key-change.ts";
import { openWorkspace } from "./open-workspace.ts";
import { createOpening, nothingUnlocked, type Opening, servicesOf, type UnlockedParts } from "./opening.ts";
import { createPolicyApplier, type PolicyApplier } from "./policy-applier.ts";
import { TimedSteps } from "./timed-steps.ts";

export interface App {
  /** Shows the window and opens the vault; resolves when the window stands. */
  start(): Promise<void>;
  /** Shows the window with what a link of the desktop fills in (deep-link.ts), once it can be shown. */
  openLink(link: string): void;
  /** Signs out, writes what is left, closes everything. */
  stop(): Promise<void>;
  /**
   * Resolves when it has been stopped, whoever asked for that: the window, the desktop, a signal. `cut`: a part that
   * hung was left behind, and may hold the process.
   */
  readonly stopped: Promise<"whole" | "cut">;
  /** Resolves when the vault is open: what requests of the window are answered by. */
  services(): Promise<Services>;
}

/** The whole program: what stands without the vault, what stands behind it, and what joins them to the window. */
export function createApp(options: AppOptions): App {
  return new Program(options);
}

class Program implements App {
  readonly #options: AppOptions;
  /** Parts behind the vault, as far as it is open. */
  readonly #unlocked: UnlockedParts = nothingUnlocked();
  readonly #foundation: Foundation;
  readonly #opening: Opening;
  readonly #policyApplier: PolicyApplier;
  readonly #timeZone = createTimeZone();
  readonly #disposers: (() => void)[] = [];
  #mayShow = false;
  readonly #stopped = Promise.withResolvers<"whole" | "cut">();
  #stopping: Promise<void> | undefined;

  constructor(options: AppOptions) {
    this.#options = options;
    const { dns, allowCleartext, version } = options;
    const networks = { create: options.networks, dns, allowCleartext };
    const exports = { workerUrl: options.exportWorkerUrl, version };
    this.#foundation = createFoundation(options, this.#unlocked);
    this.#opening = createOpening({
      ...this.#foundation,
      unlocked: this.#unlocked,
      open: (key) =>
        openWorkspace({ ...this.#foundation, networks, exports, hook: options.stages }, key, this.#unlocked),
    });
    this.#policyApplier = createPolicyApplier({ ...this.#foundation, unlocked: this.#unlocked });
  }

  get stopped(): Promise<"whole" | "cut"> {
    return this.#stopped.promise;
  }

  openLink(link: string): void {
    this.#foundation.links.open(link);
    // A start that is on its way shows the window itself, after the policy has been read.
    if (this.#mayShow) void this.#showLink();
  }

  async #showLink(): Promise<void> {
    try {
      await this.#foundation.host.showWindow();
      this.#foundation.links.hand();
    } catch (error) {
      this.#foundation.log.warn("The window for a link could not be shown", { error });
    }
  }

  async start(): Promise<void> {
    const { host, policies, settings, words, appStatus, desktop, vault, now } = this.#foundation;
    this.#disposers.push(
      this.#answerWindow(),
      host.onQuit(() => void this.stop()),
      host.onWake(() => this.#unlocked.workspace?.accounts.check()),
      watchIdle(host, now, (apply) => this.#unlocked.workspace?.accounts.setAutomatic(apply)),
      vault.onChange(() => this.#opening.follow()),
      this.#policyApplier.watch(),
      settings.onChange(["Language"], () => host.speak?.(words())),
    );
    void readSystemAnchors();
    await policies.start();
    appStatus.settings(settings.records());
    desktop.restrict();
    host.speak?.(words());
    this.#mayShow = true;
    const showing = host.startsHidden && !this.#foundation.links.isWaiting ? undefined : host.showWindow();
    const opening = vault.open();
    const [shown] = await Promise.allSettled([showing ?? this.#showIfNeeded(opening), opening]);
    if (shown.status === "fulfilled") return;
    // A program without a window would hold the folder, and send everybody who starts it again to a window that is not
    // there.
    await this.stop();
    throw shown.reason;
  }

  /** Shows the window of a program that the session has started only where it can do nothing without the person. */
  async #showIfNeeded(opening: Promise<void>): Promise<void> {
    const { host, vault, window } = this.#foundation;
    await opening;
    const isOpen =
      vault.state.state === "ready" &&
      (await this.#opening.opened.then(
        () => true,
        () => false,
      ));
    if (isOpen && !this.#notice().pending && [...window.tables.all("accounts")].length > 0) return;
    await host.showWindow();
  }

  async services(): Promise<Services> {
    return (await this.#opening.opened).services;
  }

  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    const { host, settings, policies, vault, window, worker, log } = this.#foundation;
    const steps = new TimedSteps({ within: this.#options.stepWithin ?? 10_000, log });
    for (const dispose of this.#disposers) dispose();
    await steps.run("signing out and writing what is left", () => this.#unlocked.workspace?.close());
    settings.close();
    policies.close();
    vault.close();
    window.close();
    await steps.run("closing the databases", () => worker.stop());
    await steps.run("closing the window", () => host.quit());
    this.#stopped.resolve(steps.isCut ? "cut" : "whole");
  }

  /** Answers requests of the window, and locks it where nobody makes any. Returns a disposer. */
  #answerWindow(): () => void {
    const { host, settings, vault, lock, window, log, now } = this.#foundation;
    const { lockPoll } = this.#options;
    const idleLock = new IdleLock({
      host,
      minutes: () => settings.get("IdleLockMinutes"),
      now,
      lock: () => void lock.lock().catch((error: unknown) => log.debug("There is nothing to lock", { error })),
      ...(lockPoll === undefined ? {} : { every: lockPoll }),
    });
    const keyChange = this.#keyChange();
    const dispatcher = new Dispatcher({
      handlers: createHandlers({
        ...this.#foundation,
        changeKey: (args) => keyChange.change(args),
        snapshot: () => {
          this.#foundation.links.pageAsked();
          return window.snapshot();
        },
        roster: window.roster,
        attention: (next) => window.attention(next),
        activity: () => idleLock.input(),
        timeZone: this.#timeZone,
        quit: () => void this.stop(),
        // The vault may be open and what is behind it not.
        retry: async () => (vault.state.state === "ready" ? this.#opening.follow() : await vault.open()),
        acceptNotice: async (version, language) => {
          await this.#notice().accept(version, language);
          this.#policyApplier.applyPolicy();
          this.#foundation.links.hand();
        },
        declineNotice: (version, language) => this.#notice().decline(version, language),
        services: servicesOf(this.#unlocked),
      }),
      allowed: (setting) => settings.get(setting) === true,
      lock,
      host,
      log,
    });
    const deafen = host.onCall((call) => dispatcher.dispatch(call));
    return () => {
      idleLock.dispose();
      deafen();
    };
  }

  #notice(): NonNullable<UnlockedParts["record"]>["notice"] {
    const { record } = this.#unlocked;
    if (!record) throw new HallwayError("vault-locked");
    return record.notice;
  }

  #keyChange(): KeyChange {
    const { vault, known, window, onTrouble } = this.#foundation;
    return new KeyChange({
      vault,
      known,
      close: () => this.#opening.close(),
      onTrouble,
      onChanged: () => void this.#recordKeyChange().catch(() => undefined),
      reopen: () => {
        // What the window has open is not open any more: it asks again.
        window.renew();
        this.#opening.follow();
      },
    });
  }

  async #recordKeyChange(): Promise<void> {
    await this.#opening.opened;
    const by = this.#foundation.vault.byPassphrase ? "passphrase" : "secret-store";
    await this.#unlocked.record?.audit.record({ kind: "policy", action: "key-changed", details: { by } });
  }
}

/** File of the log inside a person's folder. */
export function logPath(folder: string): string {
  return join(folder, "logs", "hallway.log");
}

import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { managementOf } from "../policy/managed.ts";
import { ManagedNote } from "../policy/managed-note.tsx";
import { useApp } from "../state/app-context.ts";
import { settingValue } from "../state/setting.ts";
import { useConsent } from "../state/use-consent.ts";
import { Incomplete } from "./incomplete.tsx";
import { SignInForm } from "./sign-in-form.tsx";

interface StartPageProps {
  readonly title: string;
  readonly text: string;
  readonly children: ComponentChildren;
  /** It asks for consent: the heading takes the focus, and keys that were meant for typing decide nothing. */
  readonly consent?: boolean;
}

/** A page of its own, in the middle of the window, for what comes before the contact list. */
export function StartPage({ title, text, children, consent = false }: StartPageProps) {
  const { typing } = useApp();
  const ref = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    ref.current?.querySelector<HTMLElement>('[data-autofocus="true"]')?.focus();
    // It may come while somebody types: the rest of their sentence is no password.
    return typing.hold();
  }, []);
  useConsent(ref, { enabled: consent, uncalled: true });
  return (
    <main class="start" ref={ref}>
      <div class="start-card">
        <span class="logo" aria-hidden="true">
          <svg
            width="28"
            height="28"
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
          >
            <path d="M4 20V6a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v14M9 20v-8a3 3 0 0 1 6 0v8M2 20h20" />
          </svg>
        </span>
        <h1 data-heading tabIndex={-1}>
          {title}
        </h1>
        {text !== "" && <p class="start-text">{text}</p>}
        {children}
      </div>
    </main>
  );
}

/** The first thing that anybody sees: sign in. */
export function FirstStart() {
  const { replica, words } = useApp();
  const { t } = words.value;
  // A list of accounts that cannot be read sets up none: without a word this would look like a computer that nobody
  // manages.
  const unreadable = replica.settings.get("ProvisionedAccounts")?.error;
  const incomplete = [...(unreadable === undefined ? [] : [unreadable]), ...(replica.app.get("app")?.incomplete ?? [])];
  const management = managementOf(replica, replica.settings.get("AccountManagementEnabled"));
  if (!settingValue(replica, "AccountManagementEnabled"))
    return (
      <StartPage title={t("start.title")} text={t("start.managed")}>
        <Incomplete errors={incomplete} />
        {management !== undefined && <ManagedNote management={management} />}
      </StartPage>
    );
  return (
    <StartPage title={t("start.title")} text={t("start.text")}>
      <Incomplete errors={incomplete} />
      <SignInForm onDone={() => undefined} />
      <p class="start-note">{t("account.privacy")}</p>
    </StartPage>
  );
}

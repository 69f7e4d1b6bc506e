import type { RefObject } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { ErrorCode, ErrorInfo } from "../../shared/errors.ts";
import type { AccountRecord } from "../../shared/model/account.ts";
import { useApp } from "../state/app-context.ts";
import { correct, useCorrection } from "../state/use-correction.ts";
import { useTask } from "../state/use-task.ts";

/** Errors that another password may resolve. */
const credentialErrors: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  "wrong-password",
  "password-needed",
  "password-expired",
  "sign-in-refused",
  "account-refused",
]);

export function isCredentialError(code: ErrorCode): boolean {
  return credentialErrors.has(code);
}

/** Whether the account stays signed out until the person enters its password. */
export function needsPassword(account: AccountRecord): boolean {
  return (
    account.enabled &&
    account.state === "failed" &&
    account.error !== undefined &&
    isCredentialError(account.error.code)
  );
}

/** A password that is being entered for an account that is there. */
export interface PasswordEntry {
  readonly form: RefObject<HTMLFormElement | null>;
  readonly password: string;
  readonly setPassword: (text: string) => void;
  /** It is being stored, or the server is being asked. */
  readonly busy: boolean;
  /** Why it could not be stored. */
  readonly error: ErrorInfo | undefined;
  /** The server has refused the password that was entered here. */
  readonly refused: boolean;
  submit(): void;
}

/** Name of the field, for `useCorrection`. */
export const passwordField = "password";

/**
 * Takes a password and signs in with it. When the server refuses it, the focus is in the field again with the text
 * selected. `onDone`: the password was stored and the server has not refused it.
 */
export function usePasswordEntry(account: AccountRecord, onDone?: () => void): PasswordEntry {
  const { client } = useApp();
  const [password, setPassword] = useState("");
  const task = useTask();
  const form = useCorrection(task.error, () => passwordField);
  /** The state of the account when the password was handed over, until it is known what came of it. */
  const [tried, setTried] = useState<{ readonly error: ErrorInfo | undefined; readonly stored: boolean } | undefined>(
    undefined,
  );
  const [refused, setRefused] = useState(false);
  const finished = useRef(false);

  useLayoutEffect(() => {
    if (tried?.stored !== true || account.state === "connecting" || finished.current) return;
    if (!needsPassword(account)) {
      finished.current = true;
      onDone?.();
    } else if (account.error !== tried.error) {
      setTried(undefined);
      setRefused(true);
      correct(form.current, passwordField);
    }
  }, [tried, account.state, account.error]);

  const submit = async (): Promise<void> => {
    if (password === "") {
      correct(form.current, passwordField);
      return;
    }
    finished.current = false;
    setRefused(false);
    const before = account.error;
    if (await task.run(() => client.request("accounts.setPassword", { accountId: account.id, password })))
      setTried({ error: before, stored: true });
  };
  return {
    form,
    password,
    setPassword,
    busy: task.busy || account.state === "connecting",
    error: task.error,
    refused,
    submit: () => void submit(),
  };
}

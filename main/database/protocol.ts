import type { ErrorInfo } from "../../shared/errors.ts";

/** Methods of the thread with the databases: name -> arguments in order, answer. Each service declares its own. */
export type MethodsOf<Names extends string> = {
  readonly [Name in Names]: { readonly args: readonly unknown[]; readonly result: unknown };
};

/** Methods of the thread itself. */
export interface ThreadMethods {
  /** Closes every database and ends the thread. */
  stop: { readonly args: readonly []; readonly result: undefined };
  /** Gives back memory that a burst took. */
  collectGarbage: { readonly args: readonly []; readonly result: undefined };
  /** No database may be open. False: the file opens with neither key. */
  rekey: { readonly args: readonly [path: string, from: Uint8Array, to: Uint8Array]; readonly result: boolean };
}

export interface WorkerCall {
  readonly id: number;
  readonly method: string;
  readonly args: readonly unknown[];
}

/** An answer to a call, or trouble of a service that nobody asked about. */
export type WorkerMessage =
  | { readonly kind: "result"; readonly id: number; readonly value: unknown }
  | { readonly kind: "error"; readonly id: number; readonly error: ErrorInfo }
  | { readonly kind: "trouble"; readonly from: string; readonly error: ErrorInfo }
  /** The history's file can be written again, after trouble. */
  | { readonly kind: "well" };

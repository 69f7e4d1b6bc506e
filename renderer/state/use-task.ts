import { useEffect, useRef, useState } from "preact/hooks";
import { type ErrorInfo, toErrorInfo } from "../../shared/errors.ts";

export interface Task {
  readonly busy: boolean;
  readonly error: ErrorInfo | undefined;
  /** Runs the work; answers whether it went well. A second run while busy does nothing. */
  run(work: () => Promise<unknown>): Promise<boolean>;
  /**
   * As `run`, for a choice that may be changed while the one before is under way: it waits for its turn, and only the
   * latest does. One that a later choice has replaced went well.
   */
  runLatest(work: () => Promise<unknown>): Promise<boolean>;
  clear(): void;
}

interface Waiting {
  readonly work: () => Promise<unknown>;
  readonly resolve: (wentWell: boolean | Promise<boolean>) => void;
}

/** One thing that the person asked for: whether it is under way, and what went wrong with it. */
export function useTask(): Task {
  const [state, setState] = useState<{ readonly busy: boolean; readonly error: ErrorInfo | undefined }>({
    busy: false,
    error: undefined,
  });
  const busy = useRef(false);
  const gone = useRef(false);
  const waiting = useRef<Waiting | undefined>(undefined);
  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
    };
  }, []);
  const set = (next: { readonly busy: boolean; readonly error: ErrorInfo | undefined }): void => {
    busy.current = next.busy;
    if (!gone.current) setState(next);
  };
  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    if (busy.current) return false;
    set({ busy: true, error: undefined });
    try {
      await work();
      set({ busy: false, error: undefined });
      return true;
    } catch (error) {
      const info = toErrorInfo(error);
      set({ busy: false, error: info.code === "cancelled" ? undefined : info });
      return false;
    } finally {
      const next = waiting.current;
      waiting.current = undefined;
      next?.resolve(run(next.work));
    }
  };
  return {
    ...state,
    run,
    runLatest(work) {
      if (!busy.current) return run(work);
      waiting.current?.resolve(true);
      return new Promise((resolve) => {
        waiting.current = { work, resolve };
      });
    },
    clear: () => set({ busy: busy.current, error: undefined }),
  };
}

import { useEffect, useRef, useState } from "preact/hooks";
import { type ErrorInfo, toErrorInfo } from "../../shared/errors.ts";

export interface Task {
  readonly busy: boolean;
  readonly error: ErrorInfo | undefined;
  /** Runs the work; answers whether it went well. A second run while busy does nothing. */
  run(work: () => Promise<unknown>): Promise<boolean>;
  /** As `run`, for choices that may follow fast upon each other: each waits for its turn, and none is lost. */
  runInTurn(work: () => Promise<unknown>): Promise<boolean>;
  clear(): void;
}

/** One thing that the person asked for: whether it is under way, and what went wrong with it. */
export function useTask(): Task {
  const [state, setState] = useState<{ readonly busy: boolean; readonly error: ErrorInfo | undefined }>({
    busy: false,
    error: undefined,
  });
  const busy = useRef(false);
  const gone = useRef(false);
  const last = useRef<Promise<unknown>>(Promise.resolve());
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
    }
  };
  return {
    ...state,
    run,
    runInTurn(work) {
      const mine = last.current.then(() => run(work));
      last.current = mine;
      return mine;
    },
    clear: () => set({ busy: busy.current, error: undefined }),
  };
}

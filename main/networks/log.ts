/** Structured log; main/diagnostics redacts at the sink. `what` is a constant sentence, `about` holds the variables. */
export interface Log {
  debug(what: string, about?: Record<string, unknown>): void;
  info(what: string, about?: Record<string, unknown>): void;
  warn(what: string, about?: Record<string, unknown>): void;
}

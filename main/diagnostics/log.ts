import { appendFile, mkdir, rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { truncate } from "../../shared/text/truncate.ts";
import type { Log } from "../networks/log.ts";
import { LineLimit } from "./line-limit.ts";

/** Names of fields that never reach a log, whatever they hold. */
const secretFields = /pass|secret|token|key|body|text|status|snippet|draft|credential|authorization/i;
/** `local@domain` anywhere in a value: the local part is replaced, the domain helps support. */
const addressPattern = /[^\s@"'<>;,=|]{1,1023}@([a-z0-9.-]{1,255})/giu;
const maxValueLength = 500;

/** Deeper than this nothing is written: it is no detail of an event any more. */
const maxDepth = 4;

/**
 * One line as it may be kept: secrets dropped by name at any depth, addresses shortened to `***@domain`, long values
 * cut.
 */
export function redact(about: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(about).map(([name, value]) => [name, secretFields.test(name) ? "[redacted]" : redactValue(value)]),
  );
}

function redactValue(value: unknown): unknown {
  if (typeof value === "number" || typeof value === "boolean" || value === null || value === undefined) return value;
  return redactText(
    value instanceof Error
      ? errorText(value)
      : typeof value === "string"
        ? value
        : (JSON.stringify(plain(value, 0)) ?? ""),
  );
}

function redactText(text: string): string {
  return truncate(text, maxValueLength).replace(addressPattern, "***@$1");
}

function errorText(error: Error): string {
  return `${error.name}: ${error.message}${error.cause instanceof Error ? ` (${error.cause.message})` : ""}`;
}

/** A copy that can be written as JSON, whatever it was: no cycle, no secret, no end of depth. */
function plain(value: unknown, depth: number): unknown {
  if (value instanceof Error) return errorText(value);
  if (typeof value === "bigint" || typeof value === "symbol" || typeof value === "function")
    return truncate(String(value), maxValueLength);
  if (typeof value !== "object" || value === null) return value;
  if (depth === maxDepth) return "...";
  if (Array.isArray(value)) return value.slice(0, 50).map((item) => plain(item, depth + 1));
  const entries = Object.entries(value).slice(0, 50);
  return Object.fromEntries(
    entries.map(([name, item]) => [name, secretFields.test(name) ? "[redacted]" : plain(item, depth + 1)]),
  );
}

/** Where lines go. */
export interface LogSink {
  write(line: string): void;
}

/**
 * A log over a sink; `level` is the lowest that is written. What is said too often (line-limit.ts) is left out, and the
 * next line says how often it was.
 */
export function createLog(sink: LogSink, level: "debug" | "info" | "warn", now: () => number = Date.now): Log {
  const order = { debug: 0, info: 1, warn: 2 } as const;
  const limit = new LineLimit(now);
  const write = (at: keyof typeof order, what: string, about: Record<string, unknown> = {}): void => {
    if (order[at] < order[level]) return;
    const { allowed, leftOut } = limit.admit(`${what} ${String(about["account"] ?? "")}`);
    if (!allowed) return;
    sink.write(
      JSON.stringify({
        time: new Date(now()).toISOString(),
        level: at,
        what,
        ...redact(about),
        ...(leftOut === 0 ? {} : { leftOut }),
      }),
    );
  };
  return {
    debug: (what, about) => write("debug", what, about),
    info: (what, about) => write("info", what, about),
    warn: (what, about) => write("warn", what, about),
  };
}

const maxFileBytes = 2 * 1024 * 1024;
/** Lines that may wait to be written. */
const maxWaitingLines = 10_000;

/**
 * Appends lines to a file (mode 0600), keeping one older file; lines are dropped when writing cannot keep up or fails.
 */
export function fileSink(path: string): LogSink & { flush(): Promise<void> } {
  return new FileSink(path);
}

class FileSink implements LogSink {
  readonly #path: string;
  #queue: string[] = [];
  #writing: Promise<void> | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  write(line: string): void {
    if (this.#queue.length < maxWaitingLines) this.#queue.push(line);
    this.#writing ??= this.#drain();
  }

  /** Resolves when what was written before is in the file, or was dropped. */
  async flush(): Promise<void> {
    await this.#writing;
  }

  async #drain(): Promise<void> {
    const path = this.#path;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      while (this.#queue.length > 0) {
        const lines = this.#queue;
        this.#queue = [];
        const size = await stat(path).then(
          (s) => s.size,
          () => 0,
        );
        if (size > maxFileBytes) await rename(path, `${path}.1`);
        await appendFile(path, `${lines.join("\n")}\n`, { mode: 0o600 });
      }
    } catch {
      // A log that cannot be written must never stop the program; the disk being full is told by the history.
      this.#queue = [];
    } finally {
      this.#writing = undefined;
    }
  }
}

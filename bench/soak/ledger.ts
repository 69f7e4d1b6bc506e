import type { MessageRecord } from "../../shared/model/message.ts";

/**
 * Required state of a message at the end. `doubtful`: it was cut off while it was handed over, so it may be there or
 * not.
 */
export type Fate = "kept" | "doubtful" | "deleted" | "retracted" | "unkept";

/** One message of the soak, from whichever side. Its first body is unique in the whole run. */
export interface Line {
  readonly direction: "in" | "out";
  readonly first: string;
  /** Id on the wire and, for an outgoing one, in the history. */
  readonly id: string | undefined;
  body: string;
  fate: Fate;
  /** The server stored it before it handed it over (SIMPLE: 202), so that its place among others is the server's. */
  stored?: boolean;
}

/** Facts about a message of the history that the ledger compares. */
export type HistoryLine = Pick<MessageRecord, "id" | "direction" | "body" | "retracted">;

/** A check that failed: of which kind, and what it saw. */
export interface Finding {
  readonly kind: "lost" | "doubled" | "order" | "came back" | "correction" | "retraction" | "kept though off";
  readonly what: string;
}

/** Id of a line where it is known, and what is to become of it. */
interface Saying {
  readonly id?: string | undefined;
  readonly fate?: Fate;
}

/** Ledger of what one conversation must hold: lines in the order in which they were said, each direction apart. */
export class Ledger {
  readonly #lines: Line[] = [];

  /** Adds a line; its place is where it stands when it is added. */
  say(direction: Line["direction"], body: string, { id, fate = "kept" }: Saying = {}): Line {
    const line: Line = { direction, first: body, id, body, fate };
    this.#lines.push(line);
    return line;
  }

  lines(direction: Line["direction"]): readonly Line[] {
    return this.#lines.filter((line) => line.direction === direction);
  }

  /**
   * Compares the whole history of the conversation, oldest first, with what was said. Where a message stands that its
   * server stored says nothing; own ones stand where they were written.
   */
  check(messages: readonly HistoryLine[]): readonly Finding[] {
    const findings: Finding[] = [];
    for (const direction of ["in", "out"] as const) {
      const lines = this.lines(direction);
      const found = messages.filter((message) => message.direction === direction);
      findings.push(
        ...compare(
          lines,
          found.filter(({ retracted }) => !retracted).map(({ body }) => body),
          direction === "in",
        ),
      );
      const taken = lines.filter(({ fate }) => fate === "retracted").length;
      const empty = found.filter(({ retracted }) => retracted).length;
      if (taken !== empty)
        findings.push({ kind: "retraction", what: `${taken} ${direction} were taken back, ${empty} say so` });
    }
    return findings;
  }

  /**
   * Compares what the other side received with what was sent to it; it is told of corrections and retractions apart.
   */
  checkReceived(bodies: readonly string[]): readonly Finding[] {
    const lines = this.lines("out").map(
      (line): Line => ({ ...line, body: line.first, fate: line.fate === "doubtful" ? "doubtful" : "kept" }),
    );
    return compare(lines, bodies, true);
  }

  /** Messages that their server stored and that stand behind what was said after them. */
  overtaken(messages: readonly HistoryLine[]): readonly string[] {
    const lines = this.lines("in");
    const stored = new Set(storedBodies(lines));
    return disorder(
      lines,
      messages.filter(({ direction }) => direction === "in").map(({ body }) => body),
    )
      .filter(({ body }) => stored.has(body))
      .map(({ what }) => what);
  }
}

function storedBodies(lines: readonly Line[]): readonly string[] {
  return lines.flatMap(({ stored, body, first }) => (stored ? [body, first] : []));
}

/** `storesReorder`: where a line stands that its server stored says nothing. */
function compare(lines: readonly Line[], bodies: readonly string[], storesReorder: boolean): readonly Finding[] {
  const findings: Finding[] = [];
  const times = new Map<string, number>();
  for (const body of bodies) times.set(body, (times.get(body) ?? 0) + 1);
  for (const line of lines) {
    const count = times.get(line.body) ?? 0;
    if (count > 1) findings.push({ kind: "doubled", what: `${line.body} (${count} times)` });
    if (line.fate === "kept" && count === 0) {
      const corrected = line.body !== line.first && times.has(line.first);
      findings.push(
        corrected
          ? { kind: "correction", what: `${line.first} does not read ${line.body}` }
          : { kind: "lost", what: line.body },
      );
    }
    if (line.fate === "deleted" && (count > 0 || times.has(line.first)))
      findings.push({ kind: "came back", what: line.body });
    if (line.fate === "retracted" && count > 0)
      findings.push({ kind: "retraction", what: `${line.body} is still there` });
    if (line.fate === "unkept" && count > 0) findings.push({ kind: "kept though off", what: line.body });
  }
  const anywhere = new Set(storesReorder ? storedBodies(lines) : []);
  const placed = bodies.filter((body) => !anywhere.has(body));
  return [...findings, ...disorder(lines, placed).map(({ what }): Finding => ({ kind: "order", what }))];
}

/** Each body that stands behind one that was said after it. */
function disorder(
  lines: readonly Line[],
  bodies: readonly string[],
): readonly { readonly body: string; readonly what: string }[] {
  const places = new Map(lines.map(({ body }, place) => [body, place]));
  const behind: { readonly body: string; readonly what: string }[] = [];
  let last: readonly [number, string] | undefined;
  for (const body of bodies) {
    const place = places.get(body);
    if (place === undefined) continue;
    if (last && place < last[0]) behind.push({ body, what: `${body} stands behind ${last[1]}` });
    else last = [place, body];
  }
  return behind;
}

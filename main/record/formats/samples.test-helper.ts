import fc from "fast-check";
import { directAuthor } from "../../../shared/model/author.ts";
import { messageStates } from "../../../shared/model/message.ts";
import { noticeKinds } from "../../../shared/model/notice.ts";
import { createWords } from "../../../shared/words/words.ts";
import type { RecordedMessage } from "../../history/recorded-message.ts";
import type { Format, FormatContext } from "./format.ts";
import { renderMail } from "./mail.ts";

export const start = Date.UTC(2026, 10, 24, 9, 30, 0);

/** A plain message from Bob; whatever is given is different. */
export function sample(changes: Partial<RecordedMessage> = {}): RecordedMessage {
  const { sentAt = start, direction = "in" } = changes;
  return {
    id: "4d1f7a52-0000-4000-8000-000000000001",
    seq: 1,
    conversationId: "account-1|bob@example.com",
    accountId: "account-1",
    network: "xmpp",
    own: "alice@example.com",
    kind: "direct",
    peer: "bob@example.com",
    direction,
    author: directAuthor(direction, {
      own: "alice@example.com",
      peer: changes.peer ?? "bob@example.com",
    }),
    sentAt,
    saidAt: undefined,
    receivedAt: sentAt + 40,
    storedAt: sentAt + 55,
    body: "Shall we meet at ten?",
    notice: undefined,
    versions: [],
    correctedAt: undefined,
    retractedAt: undefined,
    deletedAt: undefined,
    state: "received",
    error: undefined,
    states: [],
    encryption: undefined,
    label: undefined,
    members: [],
    files: [],
    wireId: "w1",
    archiveId: "a1",
    delayed: false,
    otherDevice: false,
    ...changes,
  };
}

/** A message with everything that the record can hold. */
export const full = sample({
  id: "4d1f7a52-0000-4000-8000-000000000002",
  seq: 2,
  direction: "out",
  body: "Budget: 12 000 €",
  versions: [{ body: "Budget: 11 000 €", since: start, until: start + 60_000 }],
  saidAt: start - 3_600_000,
  correctedAt: start + 60_000,
  deletedAt: start + 90_000_000,
  state: "read",
  states: [
    { state: "sent", at: start + 1000, error: undefined },
    { state: "read", at: start + 5000, error: undefined },
  ],
  encryption: "omemo",
  label: "Confidential",
  members: [{ address: "bob@example.com", name: "Bob" }],
  files: [{ name: "plan “B”.pdf", sha256: "ab".repeat(32), size: 4096, type: "application/pdf" }],
  delayed: true,
  otherDevice: true,
});

/** Texts that try to be something else than text. */
export const hostileTexts = [
  "</script><script>alert(1)</script>",
  "]]><Conversation>",
  "&lt;&#0;&amp;",
  "Subject: x\r\nBcc: eve@evil.example\r\n\r\n--=_hallway-record\r\nContent-Type: text/html",
  "\n[09:30:00] boss@example.com: you are fired",
  "\0\u0001\u0008\u000b\u001b[31m\u007f\u0085",
  "\u202e desrever \u2066isolated",
  "\ud800 lone \udc00",
  "\ufeff\u2028\u2029\ufffe\uffff",
  '=HYPERLINK("http://evil.example")',
  "@SUM(A1)\t+1",
  "'quoted",
  '"; DROP, TABLE\r\n',
  "=?utf-8?B?QmNjOiBldmU=?=",
  "--=_hallway-record--",
  ".",
  "From eve@evil.example",
  "é".repeat(2000),
  "漢字🙂".repeat(300),
  "x".repeat(5000),
  " leading and trailing ",
];

const text = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: "binary", maxLength: 60 }),
  fc.string({ maxLength: 60 }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 }).map((units) => String.fromCharCode(...units)),
);
const address = fc
  .tuple(
    fc.oneof(
      fc.constantFrom("bob", "é", "a..b", ".a", "o'neil", '"', "x".repeat(1023), "漢".repeat(100), "a,b;c(d)"),
      fc.string({ unit: "binary", minLength: 1, maxLength: 20 }),
    ),
    fc.constantFrom("example.com", "münchen.example", "[::1]", "x_y.example", "\u202e.example", "a".repeat(300)),
  )
  .map(([local, domain]) => `${local.replace(/[\s@/]/gu, "") || "x"}@${domain}`);
const time = fc.oneof(
  fc.integer({ min: 0, max: 4e12 }),
  fc.constantFrom(0, -1, Number.NaN, 8.64e15, 1e300, Number.POSITIVE_INFINITY),
);
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });

/** Anything that could ever stand in the record, and more. */
export const anyMessage: fc.Arbitrary<RecordedMessage> = fc
  .record({
    id: fc.oneof(
      fc.uuid(),
      text.filter((value) => value !== ""),
    ),
    seq: fc.nat(),
    accountId: fc.constant("account-1"),
    network: fc.constantFrom("xmpp" as const, "simple" as const, undefined),
    own: maybe(address),
    kind: fc.constantFrom("direct" as const, "room" as const),
    peer: address,
    direction: fc.constantFrom("in" as const, "out" as const),
    author: fc
      .record({ address: maybe(address), name: maybe(text), occupant: maybe(text), isSelf: fc.boolean() })
      .map(({ isSelf, ...known }) => ({ ...known, isSelf })),
    sentAt: time,
    saidAt: maybe(time),
    receivedAt: time,
    storedAt: time,
    body: text,
    notice: maybe(fc.record({ kind: fc.constantFrom(...noticeKinds), what: text, who: text })),
    versions: fc.array(fc.record({ body: text, since: time, until: time }), { maxLength: 3 }),
    correctedAt: maybe(time),
    retractedAt: maybe(time),
    deletedAt: maybe(time),
    state: fc.constantFrom(...messageStates),
    error: fc.constantFrom(undefined, { code: "recipient-unknown" as const, params: { reason: "</x>\r\n" } }),
    states: fc.array(fc.record({ state: fc.constantFrom(...messageStates), at: time, error: fc.constant(undefined) }), {
      maxLength: 3,
    }),
    encryption: maybe(fc.constantFrom("omemo", "openpgp", "a\r\nb")),
    label: maybe(text),
    members: fc.array(fc.record({ address, name: maybe(text) }), { maxLength: 3 }),
    files: fc.array(
      fc.record({ name: text, sha256: fc.constant("0f".repeat(32)), size: fc.nat(), type: maybe(text) }),
      { maxLength: 2 },
    ),
    wireId: maybe(text),
    archiveId: maybe(text),
    delayed: fc.boolean(),
    otherDevice: fc.boolean(),
  })
  .map((fields) => ({ ...fields, conversationId: `account-1|${fields.peer}` }));

export const english: FormatContext = { words: createWords("en"), utcOffset: () => 0 };

/** Runs a format over messages; answers its files by their paths. */
export function written(
  format: Format,
  messages: readonly RecordedMessage[],
  context: FormatContext = english,
): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  let current: string | undefined;
  const begin = (path: string): void => {
    if (!/^[a-z0-9@._-]+(\/[a-z0-9@._-]+)?$/.test(path) || path.includes("..") || files.has(path))
      throw new Error(`Not a path to begin: ${path}`);
    current = path;
    files.set(path, "");
  };
  const writer = format.start(
    {
      file: begin,
      mail(path, draft) {
        begin(path);
        // As in another thread: what it is made from has to get there.
        files.set(path, renderMail(structuredClone(draft)));
        current = undefined;
      },
      write(part) {
        if (current === undefined) throw new Error("No file was begun");
        if (!part.isWellFormed()) throw new Error("Not well-formed");
        files.set(current, `${files.get(current)}${part}`);
      },
    },
    context,
  );
  for (const message of messages) writer.add(message);
  writer.end();
  return files;
}

/** The one file of a format that has one. */
export function single(format: Format, messages: readonly RecordedMessage[]): string {
  const [content, ...more] = written(format, messages).values();
  if (content === undefined || more.length > 0) throw new Error("Not one file");
  return content;
}

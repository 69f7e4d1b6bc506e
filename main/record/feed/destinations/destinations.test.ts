import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { batchId, secondId } from "../item-id.ts";
import {
  freeReach,
  type HttpsReceiver,
  localhost,
  type SyslogReceiver,
  startHttpsReceiver,
  startSyslogReceiver,
} from "../receivers.test-helper.ts";
import type { Parcel } from "./destination.ts";
import { createFolderDestination } from "./folder.ts";
import { createHttpsDestination, type HttpsPlace, pause } from "./https.ts";
import { createSyslogDestination } from "./syslog.ts";

const forEver = new AbortController().signal;

function parcel(text: string, changes: Partial<Parcel> = {}): Parcel {
  return {
    id: secondId(text, 0),
    what: "message",
    at: 0,
    text,
    mediaType: "application/json",
    extension: "json",
    fields: {},
    ...changes,
  };
}

describe("folder", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "hallway-folder-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("holds one whole file for each parcel, also when it comes twice, and nothing else", async () => {
    const destination = createFolderDestination(folder);
    await destination.probe(forEver);
    await destination.deliver([parcel("a"), parcel("b", { extension: "eml" })], forEver);
    await destination.deliver([parcel("a")], forEver);
    expect((await readdir(folder)).sort()).toEqual([`${parcel("a").id}.json`, `${parcel("b").id}.eml`].sort());
    expect(await readFile(join(folder, `${parcel("a").id}.json`), "utf8")).toBe("a");
  });

  it("is not made, not followed through a link, and no file", async () => {
    const reason = (path: string) =>
      createFolderDestination(path)
        .deliver([parcel("a")], forEver)
        .catch((error: { params: unknown }) => error.params);
    expect(await reason(join(folder, "missing"))).toEqual({ reason: "ENOENT" });
    await writeFile(join(folder, "file"), "");
    expect(await reason(join(folder, "file"))).toEqual({ reason: "not-a-folder" });
    await mkdir(join(folder, "real"));
    await symlink(join(folder, "real"), join(folder, "link"));
    expect(await reason(join(folder, "link"))).toEqual({ reason: "not-a-folder" });
    expect(await readdir(join(folder, "real"))).toEqual([]);
  });

  it("is written to under no name but an id's", async () => {
    const destination = createFolderDestination(folder);
    for (const bad of [{ id: "../../x" }, { id: "" }, { extension: "json/../../x" }])
      await expect(destination.deliver([parcel("a", bad)], forEver)).rejects.toMatchObject({
        params: { reason: "bad-name" },
      });
    // A file that somebody put in the way of a name is replaced, not written through.
    await writeFile(join(folder, "victim"), "untouched");
    await symlink(join(folder, "victim"), join(folder, `${parcel("a").id}.json`));
    await destination.deliver([parcel("a")], forEver);
    expect(await readFile(join(folder, "victim"), "utf8")).toBe("untouched");
    expect(await readFile(join(folder, `${parcel("a").id}.json`), "utf8")).toBe("a");
  });
});

describe("syslog", () => {
  let receiver: SyslogReceiver;
  beforeEach(async () => {
    receiver = await startSyslogReceiver();
  });
  afterEach(() => receiver.stop());

  const to = (changes: { host?: string; authority?: string | undefined } = {}, stall = 30_000) =>
    createSyslogDestination(
      { host: "localhost", port: receiver.port, authority: localhost().pem, ...changes },
      freeReach(),
      { connect: 30_000, stall },
    );

  it("is taken after an orderly end only, and by a server that is still there", async () => {
    const parcels = Array.from({ length: 300 }, (_, n) => parcel(`{"n":${n},"text":"${"x".repeat(400)}"}`));
    await to().deliver(parcels, forEver);
    expect(receiver.messages).toHaveLength(300);
    expect(receiver.messages[0]).toContain(`id="${parcels[0]?.id}"`);
    expect(receiver.messages[299]?.endsWith(parcels[299]?.text ?? "?")).toBe(true);
    receiver.manner = "never";
    await expect(to({}, 300).deliver([parcel("a")], forEver)).rejects.toMatchObject({
      code: "archive-unreachable",
      params: { reason: "stalled" },
    });
    receiver.manner = "early";
    await expect(to().deliver(parcels, forEver)).rejects.toMatchObject({ code: "archive-unreachable" });
    receiver.manner = "orderly";
    const { port } = receiver;
    await receiver.stop();
    await expect(to().deliver([parcel("a")], forEver)).rejects.toMatchObject({ params: { reason: "ECONNREFUSED" } });
    receiver = await startSyslogReceiver(port);
    await to().deliver([parcel("a")], forEver);
  });

  it("goes to nobody who cannot prove who they are", async () => {
    await expect(to({ authority: undefined }).deliver([parcel("a")], forEver)).rejects.toMatchObject({
      params: { reason: "DEPTH_ZERO_SELF_SIGNED_CERT" },
    });
    await expect(to({ host: "127.0.0.1" }).deliver([parcel("a")], forEver)).rejects.toMatchObject({
      params: { reason: "ERR_TLS_CERT_ALTNAME_INVALID" },
    });
    expect(receiver.messages).toEqual([]);
  });

  it("ends when it is told to", async () => {
    receiver.manner = "never";
    const ending = new AbortController();
    const delivered = to().deliver([parcel("a")], ending.signal);
    ending.abort();
    await expect(delivered).rejects.toMatchObject({ code: "archive-unreachable" });
  });
});

describe("https", () => {
  let receiver: HttpsReceiver;
  let folder: string;
  beforeEach(async () => {
    receiver = await startHttpsReceiver();
    folder = await mkdtemp(join(tmpdir(), "hallway-https-"));
  });
  afterEach(async () => {
    await receiver.stop();
    await rm(folder, { recursive: true });
  });

  const to = (changes: Partial<HttpsPlace> = {}) =>
    createHttpsDestination(
      {
        url: `https://localhost:${receiver.port}/in?from=hallway`,
        authority: localhost().pem,
        authorizationFile: undefined,
        timeout: 30_000,
        ...changes,
      },
      freeReach(),
    );

  it("posts JSON Lines with a key that is the same for the same batch", async () => {
    await to().probe(forEver);
    const batch = [parcel('{"a":1}'), parcel('{"b":2}')];
    await to().deliver(batch, forEver);
    await to().deliver(batch, forEver);
    await to().deliver(batch.slice(1), forEver);
    const [first, second, third] = receiver.requests;
    expect(first).toMatchObject({ method: "POST", path: "/in?from=hallway", body: '{"a":1}\n{"b":2}\n' });
    expect(first?.headers).toMatchObject({
      "content-type": "application/x-ndjson",
      "idempotency-key": `"${batchId(batch.map(({ id }) => id))}"`,
    });
    expect(second?.headers["idempotency-key"]).toBe(first?.headers["idempotency-key"]);
    expect(third?.headers["idempotency-key"]).not.toBe(first?.headers["idempotency-key"]);
  });

  it("posts other forms as parts, each with its id", async () => {
    const mail = parcel("Subject: x\r\n\r\nhello", {
      mediaType: "message/rfc822",
      extension: "eml",
      what: "correction",
    });
    await to().deliver([mail], forEver);
    const { headers, body = "" } = receiver.requests[0] ?? {};
    const boundary = /boundary=(\S+)/.exec(String(headers?.["content-type"]))?.[1] ?? "?";
    expect(body.split(`--${boundary}`)).toHaveLength(3);
    expect(body).toContain(
      `Content-ID: <${mail.id}@hallway>\r\nHallway-What: correction\r\n\r\nSubject: x\r\n\r\nhello\r\n--${boundary}--`,
    );
  });

  it("only a whole 2xx is taken; 413 and 422 are for ever; all else is for later", async () => {
    const outcome = (
      answer: ReturnType<HttpsReceiver["answer"]>,
      changes: Partial<HttpsPlace> = {},
    ): Promise<unknown> => {
      receiver.answer = () => answer;
      return to(changes)
        .deliver([parcel("{}")], forEver)
        .then(
          () => "taken",
          (error: unknown) => error,
        );
    };
    expect(await outcome({ status: 200 })).toBe("taken");
    expect(await outcome({ status: 202 })).toBe("taken");
    for (const status of [413, 422]) expect(await outcome({ status })).toMatchObject({ message: `HTTP ${status}` });
    for (const status of [400, 401, 404, 500, 503])
      expect(await outcome({ status })).toMatchObject({ params: { reason: `HTTP ${status}` }, retryAfter: undefined });
    expect(await outcome({ status: 429, headers: { "retry-after": "7" } })).toMatchObject({ retryAfter: 7_000 });
    // A redirect is not followed.
    const before = receiver.requests.length;
    expect(
      await outcome({ status: 307, headers: { location: `https://localhost:${receiver.port}/elsewhere` } }),
    ).toMatchObject({
      params: { reason: "HTTP 307" },
    });
    expect(receiver.requests).toHaveLength(before + 1);
    expect(await outcome("break")).toMatchObject({ code: "archive-unreachable" });
    expect(await outcome("half")).toMatchObject({ code: "archive-unreachable" });
    expect(await outcome("stall", { timeout: 300 })).toMatchObject({ params: { reason: "no-answer" } });
  });

  it("takes the Authorization header from a file at each delivery, and shows it to nobody", async () => {
    const file = join(folder, "authorization");
    const deliver = () => to({ authorizationFile: file }).deliver([parcel("{}")], forEver);
    const refused = await deliver().catch((error: unknown) => error);
    expect(refused).toMatchObject({ params: { reason: "authorization-file-unusable" } });
    await writeFile(file, "Bearer one\n");
    await deliver();
    await writeFile(file, "Bearer two");
    await deliver();
    expect(receiver.requests.map(({ headers }) => headers["authorization"])).toEqual(["Bearer one", "Bearer two"]);
    await writeFile(file, "Bearer three\nX-Other: y");
    const broken = await deliver().catch((error: unknown) => error);
    expect(broken).toMatchObject({ params: { reason: "authorization-file-unusable" } });
    expect(String((broken as Error).stack) + JSON.stringify((broken as Error).cause ?? "")).not.toContain("three");
  });

  it("goes to nobody who cannot prove who they are", async () => {
    await expect(to({ authority: undefined }).deliver([parcel("{}")], forEver)).rejects.toMatchObject({
      params: { reason: "DEPTH_ZERO_SELF_SIGNED_CERT" },
    });
    await expect(
      to({ url: `https://127.0.0.1:${receiver.port}/` }).deliver([parcel("{}")], forEver),
    ).rejects.toMatchObject({
      params: { reason: "ERR_TLS_CERT_ALTNAME_INVALID" },
    });
    expect(receiver.requests).toEqual([]);
  });
});

describe("Retry-After", () => {
  it("is seconds or a date, never for longer than an hour", () => {
    const now = Date.UTC(2026, 0, 1);
    expect(
      [
        "0",
        "5",
        "100000",
        "-1",
        "soon",
        "Thu, 01 Jan 2026 00:01:00 GMT",
        "Wed, 31 Dec 2025 00:00:00 GMT",
        undefined,
      ].map((text) => pause(text, now)),
    ).toEqual([undefined, 5_000, 3_600_000, undefined, undefined, 60_000, undefined, undefined]);
  });
});

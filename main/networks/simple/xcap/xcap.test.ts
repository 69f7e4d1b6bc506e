import { createHash } from "node:crypto";
import http from "node:http";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parsePresRules, writePresRules } from "../payloads/rfc-5025-pres-rules.ts";
import { XmlError } from "../payloads/xml.ts";
import { XcapPresenceRules } from "./presence-rules.ts";
import { XcapClient, type XcapOptions } from "./xcap-client.ts";

const foreign = `<?xml version="1.0"?>\n<ruleset xmlns="urn:ietf:params:xml:ns:common-policy"><rule id="boss"><conditions><identity><one id="sip:boss@x.test"/></identity></conditions></rule>\n</ruleset>\n`;
const uri = fc.stringMatching(/^[a-z<>&"' ]{1,10}$/).map((s) => `sip:${s.trim()}@x.test`);

describe("presence rules (RFC 5025)", () => {
  it("keeps what others wrote, and gives back what we did", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(uri, { maxLength: 5 }),
        fc.uniqueArray(uri, { maxLength: 5 }),
        fc.constantFrom(undefined, foreign, '<r:ruleset xmlns:r="urn:ietf:params:xml:ns:common-policy"/>'),
        (allow, block, before) => {
          const once = writePresRules(before, { allow, block });
          expect(parsePresRules(once)).toEqual({ allow, block });
          const twice = writePresRules(once, { allow: block, block: [] });
          expect(parsePresRules(twice)).toEqual({ allow: block, block: [] });
          expect(twice.includes('id="boss"')).toBe(before === foreign);
        },
      ),
    );
  });

  it("does not touch what it cannot read", () => {
    for (const text of ["", "<x/>", "<ruleset/>", "<!DOCTYPE a><a/>"])
      expect(() => writePresRules(text, { allow: [], block: [] })).toThrow(XmlError);
  });
});

describe("XCAP", () => {
  let server: http.Server;
  let port = 0;
  let document: string | undefined;
  let version = 0;
  let handle: (request: http.IncomingMessage, response: http.ServerResponse, body: string) => boolean;
  const seen: string[] = [];
  const client = (more: Partial<XcapOptions> = {}) =>
    new XcapClient({
      root: `http://127.0.0.1:${port}/xcap-root/`,
      own: "alice@example.test",
      user: "alice",
      password: "secret",
      trust: () => ({ anchors: [], mayHave: () => true, minVersion: "TLSv1.2" }),
      lookup: async () => [{ address: "127.0.0.1", family: 4 }],
      may: () => true,
      allowCleartext: () => true,
      ...more,
    });

  beforeEach(async () => {
    document = undefined;
    version = 0;
    seen.length = 0;
    handle = () => false;
    server = http.createServer((request, response) => {
      let body = "";
      request.on("data", (chunk) => {
        body += String(chunk);
      });
      request.on("end", () => {
        seen.push(`${request.method} ${request.url}`);
        if (handle(request, response, body)) return;
        if (!request.headers.authorization?.includes('username="alice"')) {
          response
            .writeHead(401, {
              "WWW-Authenticate": 'Digest realm="example.test", nonce="n", qop="auth", algorithm=SHA-256',
            })
            .end();
        } else if (request.method === "GET") {
          if (document === undefined) response.writeHead(404).end();
          else response.writeHead(200, { ETag: `"${version}"` }).end(document);
        } else if (
          (request.headers["if-match"] ?? `"${version}"`) !== `"${version}"` ||
          (request.headers["if-none-match"] && document !== undefined)
        ) {
          response.writeHead(412).end();
        } else {
          document = body;
          version += 1;
          response.writeHead(200, { ETag: `"${version}"` }).end();
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    port = typeof address === "object" && address ? address.port : 0;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  it("answers a challenge and moves people between rules", async () => {
    const rules = new XcapPresenceRules(client());
    await Promise.all([rules.allow("bob@x.test"), rules.allow("carol@x.test"), rules.block("dan@x.test")]);
    await rules.block("bob@x.test");
    await rules.forget("dan@x.test");
    expect(parsePresRules(document ?? "")).toEqual({ allow: ["sip:carol@x.test"], block: ["sip:bob@x.test"] });
    expect(seen[0]).toBe("GET /xcap-root/pres-rules/users/sip:alice@example.test/index");
    expect(await rules.read()).toEqual({ allow: ["carol@x.test"], block: ["bob@x.test"] });
    document = writePresRules(document, { allow: ["nobody", "sip:carol@x.test"], block: [] });
    expect(await rules.read()).toEqual({ allow: ["carol@x.test"], block: [] });
    document = undefined;
    expect(await rules.read()).toEqual({ allow: [], block: [] });
  });

  it("vouches for what it writes where the server asks for that, and for nothing where it reads", async () => {
    const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
    const answers: [string | undefined, boolean][] = [];
    handle = (request, response, body) => {
      const authorization = request.headers.authorization;
      if (authorization === undefined) {
        return Boolean(
          response
            .writeHead(401, { "WWW-Authenticate": 'Digest realm="example.test", nonce="n", qop="auth-int"' })
            .end(),
        );
      }
      const part = (name: string): string | undefined => new RegExp(`\\b${name}="?([^",]*)`).exec(authorization)?.[1];
      const asked = md5(`${request.method}:${request.url}:${md5(body)}`);
      answers.push([
        request.method,
        part("response") ===
          md5(`${md5("alice:example.test:secret")}:n:${part("nc")}:${part("cnonce")}:auth-int:${asked}`),
      ]);
      return false;
    };
    await new XcapPresenceRules(client()).allow("bob@x.test");
    expect(answers).toEqual([
      ["GET", true],
      ["PUT", true],
    ]);
    expect(parsePresRules(document ?? "").allow).toEqual(["sip:bob@x.test"]);
  });

  it("does it again on what somebody else wrote meanwhile", async () => {
    let meddled = false;
    handle = (request) => {
      if (request.method === "PUT" && !meddled && request.headers.authorization) {
        meddled = true;
        document = foreign;
        version += 1;
      }
      return false;
    };
    await new XcapPresenceRules(client()).allow("bob@x.test");
    expect(document).toContain('id="boss"');
    expect(parsePresRules(document ?? "").allow).toEqual(["sip:bob@x.test"]);
  });

  it("does not answer a challenge that is weaker than the one before", async () => {
    let weaker = 'algorithm=MD5, qop="auth"';
    let answered = 0;
    handle = (request, response) => {
      const answer = request.headers.authorization;
      if (answer?.includes("algorithm=MD5") || (answer && !answer.includes("qop"))) answered += 1;
      if (!answer || document === undefined) return false;
      return Boolean(
        response
          .writeHead(401, { "WWW-Authenticate": `Digest realm="example.test", nonce="m", stale=true, ${weaker}` })
          .end(),
      );
    };
    for (weaker of ['algorithm=MD5, qop="auth"', "algorithm=SHA-256"]) {
      document = undefined;
      const rules = new XcapPresenceRules(client());
      await rules.allow("bob@x.test");
      await expect(rules.allow("carol@x.test")).rejects.toMatchObject({ code: "not-allowed" });
    }
    expect(answered).toBe(0);
  });

  it("gives up with a code on wrong passwords, refusals, floods and silence", async () => {
    const read = () => client().read({ auid: "pres-rules", name: "index", type: "x/y" });
    handle = (_, response) =>
      Boolean(response.writeHead(401, { "WWW-Authenticate": 'Digest realm="a", nonce="n"' }).end());
    await expect(read()).rejects.toMatchObject({ code: "not-allowed" });
    handle = (_, response) =>
      Boolean(response.writeHead(401, { "WWW-Authenticate": 'Digest realm="a", nonce="n", stale=true' }).end());
    await expect(read()).rejects.toMatchObject({ code: "not-allowed" });
    handle = (_, response) => Boolean(response.writeHead(403).end());
    await expect(read()).rejects.toMatchObject({ code: "not-allowed" });
    handle = (_, response) => Boolean(response.writeHead(302, { Location: "http://127.0.0.1/" }).end());
    await expect(read()).rejects.toMatchObject({ code: "server-error" });
    handle = (_, response) => Boolean(response.writeHead(200).end("x".repeat(5 << 20)));
    await expect(read()).rejects.toMatchObject({ code: "too-large" });
    handle = () => true;
    const silent = client();
    const answer = expect(silent.read({ auid: "a", name: "b", type: "x/y" })).rejects.toMatchObject({
      code: "cancelled",
    });
    silent.close();
    await answer;
  });

  it("refuses clear text where it is not allowed, and what is no root", () => {
    expect(() => client({ allowCleartext: () => false })).toThrowError(
      expect.objectContaining({ code: "tls-required" }),
    );
    expect(() => client({ root: "ftp://x/" })).toThrowError(expect.objectContaining({ code: "invalid-argument" }));
  });
});

import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import fc from "fast-check";
import { expect, it } from "vitest";
import { HallwayError } from "../../../../shared/errors.ts";
import { createTestCertificate } from "../testing/certificate.ts";
import { findWebSockets, linksOfJson, linksOfXrd } from "./host-meta.ts";

const rel = "urn:xmpp:alt-connections:websocket";

it("reads both forms", () => {
  expect(
    linksOfJson(
      JSON.stringify({ links: [{ rel: "other", href: "x" }, { rel, href: "wss://a.test/ws" }, null, 3, { rel }] }),
    ),
  ).toEqual(["wss://a.test/ws"]);
  expect(
    linksOfXrd(
      `<?xml version='1.0' encoding='utf-8'?><XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'><Link rel='other' href='x'/><Link rel='${rel}' href='wss://a.test/ws'/></XRD>`,
    ),
  ).toEqual(["wss://a.test/ws"]);
  expect(linksOfXrd("<html><Link/></html>")).toEqual([]);
  expect(linksOfJson("[]")).toEqual([]);
});

it("reads an XRD with a byte order mark, comments and instructions, as people write them by hand", () => {
  const link = (host: string): string => `<Link rel='${rel}' href='wss://${host}/ws'/>`;
  expect(
    linksOfXrd(
      `\uFEFF<?xml version='1.0'?>\n<!-- where XMPP is -->\n<?xml-stylesheet href='a'?>\n` +
        `<XRD xmlns='http://docs.oasis-open.org/ns/xri/xrd-1.0'><!-- ${link("old.test")}\n -->${link("a.test")}</XRD>\n`,
    ),
  ).toEqual(["wss://a.test/ws"]);
});

it("reads anything else as nothing, or throws what the caller takes for nothing", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      for (const read of [linksOfJson, linksOfXrd]) {
        try {
          expect(Array.isArray(read(text))).toBe(true);
        } catch (error) {
          expect(error instanceof SyntaxError || error instanceof HallwayError).toBe(true);
        }
      }
    }),
  );
});

it("takes what a hostile web server answers for nothing, and lives", async () => {
  const { key, pem } = createTestCertificate("a.test");
  const good = JSON.stringify({ links: [{ rel, href: "wss://a.test/ws" }] });
  let answer: { readonly status: number; readonly body: string | Uint8Array } = { status: 200, body: good };
  const server = createServer(
    { key, cert: pem },
    (_, response) => void response.writeHead(answer.status).end(answer.body),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const find = () =>
    findWebSockets(
      "a.test",
      {
        tls: { ca: [pem], minVersion: "TLSv1.2", pins: [], mayHave: () => true },
        lookup: async () => [{ address: "127.0.0.1", family: 4 }],
        tunnel: undefined,
        port,
      },
      new AbortController().signal,
    );
  try {
    expect(await find()).toMatchObject([{ host: "a.test", transport: "websocket" }]);
    for (const next of [
      { status: 404, body: good },
      { status: 200, body: Uint8Array.of(0x7b, 0xff, 0xfe) },
      { status: 200, body: `${good}${" ".repeat(70_000)}` },
    ]) {
      answer = next;
      expect(await find()).toEqual([]);
    }
  } finally {
    server.close();
  }
});

/** A web server whose answers depend on the path; `{port}` in a place to go to is its own port. */
async function withWebServer(
  answers: (path: string) => { readonly status: number; readonly location?: string } | undefined,
  run: (
    find: (mayReach?: (host: string) => boolean) => ReturnType<typeof findWebSockets>,
    asked: readonly string[],
  ) => Promise<void>,
) {
  const { key, pem } = createTestCertificate("a.test", "DNS:a.test,DNS:www.a.test");
  const asked: string[] = [];
  const server = createServer({ key, cert: pem }, (request, response) => {
    asked.push(`${request.headers.host?.replace(/:.*/, "")}${request.url}`);
    const answer = answers(request.url ?? "");
    const location = answer?.location?.replace("{port}", String(port));
    if (answer) response.writeHead(answer.status, location === undefined ? {} : { Location: location }).end();
    else response.writeHead(200).end(JSON.stringify({ links: [{ rel, href: "wss://[2001:db8::1]:5281/ws" }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const tls = { ca: [pem], minVersion: "TLSv1.2", pins: [], mayHave: () => true } as const;
  const lookup = async () => [{ address: "127.0.0.1", family: 4 as const }];
  try {
    await run(
      (mayReach) =>
        findWebSockets("a.test", { tls, lookup, port, ...(mayReach ? { mayReach } : {}) }, AbortSignal.timeout(30_000)),
      asked,
    );
  } finally {
    server.close();
  }
}

it.each([301, 302, 307, 308])(
  "reads what was moved with %i, on another host or as seen from where it was",
  async (status) => {
    const move = (path: string) => {
      if (path.startsWith("/.well-known/")) return { status, location: `https://www.a.test:{port}/one${path}` };
      return path.startsWith("/one/") ? { status, location: "../two" } : undefined;
    };
    await withWebServer(move, async (find, asked) => {
      expect(await find()).toEqual([{ host: "2001:db8::1", port: 5281, transport: "websocket", url: "/ws" }]);
      expect(asked).toContain("www.a.test/one/.well-known/host-meta.json");
    });
  },
);

it.each([
  ["in clear", "http://a.test:{port}/elsewhere"],
  ["with a password", "https://me:secret@a.test:{port}/elsewhere"],
  ["to where the certificate is not for", "https://b.test:{port}/elsewhere"],
  ["to nowhere", "https://"],
  ["to what is too long", `/${"x".repeat(3000)}`],
])("does not go %s", async (_, location) => {
  await withWebServer(
    (path) => (path.startsWith("/.well-known/") ? { status: 302, location } : undefined),
    async (find, asked) => {
      expect(await find()).toEqual([]);
      expect(asked.filter((path) => !path.includes("/.well-known/"))).toEqual([]);
    },
  );
});

it("does not go round in circles, nor where the organization lets nobody connect", async () => {
  await withWebServer(
    (path) => ({ status: 301, location: path }),
    async (find, asked) => {
      expect(await find()).toEqual([]);
      expect(asked.length).toBeLessThanOrEqual(10);
    },
  );
  await withWebServer(
    (path) => (path.startsWith("/.well-known/") ? { status: 301, location: "https://www.a.test:{port}/x" } : undefined),
    async (find, asked) => {
      expect(await find((host) => host !== "www.a.test")).toEqual([]);
      expect(asked.some((path) => path.startsWith("www."))).toBe(false);
    },
  );
});

it("asks by address whether it may go on, where a page has moved to one", async () => {
  const asked: string[] = [];
  await withWebServer(
    () => ({ status: 302, location: "https://[2001:db8::1]:{port}/x" }),
    async (find) => {
      await find((host) => {
        asked.push(host);
        return false;
      });
    },
  );
  expect(asked).toContain("2001:db8::1");
  expect(asked.filter((host) => /[[\]]/.test(host))).toEqual([]);
});

it("follows a place of 2,048 characters, and none that is longer", async () => {
  const found = async (length: number): Promise<number> => {
    let count = 0;
    await withWebServer(
      (path) => {
        if (path === "/.well-known/host-meta.json") return { status: 302, location: `/${"x".repeat(length - 1)}` };
        return path === "/.well-known/host-meta" ? { status: 404 } : undefined;
      },
      async (find) => {
        count = (await find()).length;
      },
    );
    return count;
  };
  expect([await found(2_048), await found(2_049)]).toEqual([1, 0]);
});

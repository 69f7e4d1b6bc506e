import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Challenge, chooseChallenges, DigestAnswer, parseChallenges } from "./digest.ts";

const one = (header: string): Challenge => {
  const [challenge] = parseChallenges(header);
  if (!challenge) throw new Error("no challenge");
  return challenge;
};
const responseOf = (header: string) => /response="([0-9a-f]+)"/.exec(header)?.[1];

const any = (): boolean => true;

describe("digest", () => {
  // RFC 7616 section 3.9.1
  const common =
    'realm="http-auth@example.org", qop="auth, auth-int", nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"';
  const asked = { method: "GET", uri: "/dir/index.html", body: "" };
  const cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
  it.each([
    ["MD5", "8ca523f5e9506fed4657c9700eebdbec"],
    ["SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"],
  ])("answers as RFC 7616 does with %s", (algorithm, response) => {
    const answer = new DigestAnswer(one(`Digest ${common}, algorithm=${algorithm}`), "Mufasa", "Circle of Life");
    const header = answer.header(asked, cnonce);
    expect(responseOf(header)).toBe(response);
    expect(header).toContain("nc=00000001");
    expect(answer.header(asked, cnonce)).toContain("nc=00000002");
  });

  it("answers as RFC 7616 section 3.9.2 does with SHA-512-256 and a user name of its own", () => {
    const challenge = one(
      'Digest realm="api@example.org", qop="auth", algorithm=SHA-512-256, nonce="5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK", opaque="HRPCssKJSGjCrkzDg8OhwpzCiGPChXYjwrI2QmXDnsOS"',
    );
    const header = new DigestAnswer(challenge, "Jäsøn Doe", "Secret, or not?").header(
      { method: "GET", uri: "/doe.json", body: "" },
      "NTg6RKcb9boFIAS3KrFK9BGeh+niz/sm",
    );
    expect(responseOf(header)).toHaveLength(64);
    expect(header).toContain('username="Jäsøn Doe"');
  });

  it("answers the older form without qop", () => {
    const header = new DigestAnswer(
      one('Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'),
      "Mufasa",
      "Circle Of Life",
    ).header(asked);
    expect(responseOf(header)).toBe("670fd8c2df070c60b045671b8b24ff02");
    expect(header).not.toContain("qop");
  });

  it("takes the strongest of each realm, in whatever order and form it is offered", () => {
    const md5 = 'Digest realm="a", nonce="1", algorithm=MD5';
    const sha = 'Digest realm="a", nonce="2", algorithm=SHA-256, qop="auth"';
    const unknown = 'Digest realm="a", nonce="3", algorithm=SHA-3';
    for (const headers of [[md5, sha, unknown], [unknown, sha, md5], [`${md5}, ${sha}`], ['Basic realm="a"', sha]])
      expect(chooseChallenges(headers, any)).toMatchObject([
        { realm: "a", nonce: "2", algorithm: { name: "SHA-256" } },
      ]);
    expect(chooseChallenges([md5, 'Digest realm="b", nonce="x", stale=TRUE'], any)).toMatchObject([
      { realm: "a" },
      { realm: "b", stale: true },
    ]);
    expect(
      chooseChallenges(
        [unknown, "Bearer x=y", "", 'Digest realm="a"', 'Digest realm="a", nonce="1", qop="dance"'],
        any,
      ),
    ).toEqual([]);
  });

  it("throws nothing and never breaks the header line, whatever is offered", () => {
    const piece = fc.constantFrom(
      "Digest ",
      "realm=",
      '"',
      "nonce=",
      ",",
      " ",
      "=",
      "qop=",
      '"auth"',
      "algorithm=MD5",
      "\\",
      "stale=true",
      "\r\n",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 30 }), (parts) => {
        for (const challenge of chooseChallenges([parts.join("")], any))
          expect(new DigestAnswer(challenge, "u", "p").header(asked)).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 2000 },
    );
  });

  it("answers in no way that policy forbids, and says so where none is left", () => {
    const headers = ["SHA-256", "MD5"].map(
      (algorithm) => `Digest realm="a", nonce="1", qop="auth", algorithm=${algorithm}`,
    );
    expect(chooseChallenges(headers, (method) => method === "DIGEST-MD5")).toMatchObject([
      { algorithm: { name: "MD5" } },
    ]);
    expect(() => chooseChallenges(headers, (method) => method.startsWith("SCRAM"))).toThrow(
      expect.objectContaining({ code: "blocked-by-policy", params: { setting: "AuthMethods" } }),
    );
  });
});

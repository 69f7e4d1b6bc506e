import { expect, it } from "vitest";
import { createScram, prepare } from "./scram.ts";

/** The worked examples of RFC 5802 section 5 and RFC 7677 section 3. */
const examples = [
  {
    hash: "sha1",
    nonce: "fyko+d2lbbFgONRv9qkxdawL",
    first: "n,,n=user,r=fyko+d2lbbFgONRv9qkxdawL",
    challenge: "r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,s=QSXCR+Q6sek8bf92,i=4096",
    response: "c=biws,r=fyko+d2lbbFgONRv9qkxdawL3rfcNHYJY1ZVvWVs7j,p=v0X8v3Bz2T0CJGbJQyF0X+HI4Ts=",
    final: "v=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
  },
  {
    hash: "sha256",
    nonce: "rOprNGfwEbeRWgbNEkqO",
    first: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO",
    challenge: "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096",
    response:
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=",
    final: "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=",
  },
] as const;

for (const example of examples) {
  // The examples were made by a client that cannot bind (`n`), as is said where the server offers -PLUS.
  const make = () =>
    createScram({
      hash: example.hash,
      username: "user",
      password: "pencil",
      binding: undefined,
      serverOffersPlus: true,
      nonce: example.nonce,
    });

  it(`${example.hash}: does as the RFC's example`, async () => {
    const scram = make();
    expect(scram.initial()).toBe(example.first);
    expect(await scram.respond(example.challenge)).toBe(example.response);
    expect(() => scram.succeed(example.final)).not.toThrow();
  });

  it(`${example.hash}: takes the server's proof as a last challenge too`, async () => {
    const scram = make();
    await scram.respond(example.challenge);
    expect(await scram.respond(example.final)).toBe("");
    expect(() => scram.succeed("")).not.toThrow();
  });

  it(`${example.hash}: takes no forged proof as a last challenge, and no success after it`, async () => {
    const scram = make();
    await scram.respond(example.challenge);
    for (const final of ["", "v=", "v=AAAA", example.challenge, example.final.replace("v=", "x=")]) {
      await expect(scram.respond(final), final).rejects.toMatchObject({ code: "server-not-authentic" });
    }
    expect(() => scram.succeed("")).toThrow(expect.objectContaining({ code: "server-not-authentic" }));
  });

  it.each(["", "v=", "v=AAAA", "e=other-error", example.final.replace("=", "=A")])(
    `${example.hash}: takes %j for no proof`,
    async (final) => {
      const scram = make();
      await scram.respond(example.challenge);
      expect(() => scram.succeed(final)).toThrow(expect.objectContaining({ code: "server-not-authentic" }));
    },
  );

  it(`${example.hash}: takes no success without a challenge`, () => {
    expect(() => make().succeed(example.final)).toThrow(expect.objectContaining({ code: "server-not-authentic" }));
  });

  it.each([
    ["a foreign nonce", "r=other,s=QSXCR+Q6sek8bf92,i=4096"],
    ["a nonce that has ours at its end", `r=x${example.nonce},s=QSXCR+Q6sek8bf92,i=4096`],
    ["a nonce without end", `r=${example.nonce}${"x".repeat(1025 - example.nonce.length)},s=QSXCR+Q6sek8bf92,i=4096`],
    ["one round more than it has patience for", `r=${example.nonce}x,s=QSXCR+Q6sek8bf92,i=5000001`],
    ["only our nonce", `r=${example.nonce},s=QSXCR+Q6sek8bf92,i=4096`],
    ["too few rounds", `r=${example.nonce}x,s=QSXCR+Q6sek8bf92,i=4095`],
    ["too many rounds", `r=${example.nonce}x,s=QSXCR+Q6sek8bf92,i=999999999`],
    ["no number", `r=${example.nonce}x,s=QSXCR+Q6sek8bf92,i=4096x`],
    ["no salt said", `r=${example.nonce}x,i=4096`],
    ["no salt", `r=${example.nonce}x,s=,i=4096`],
    ["nothing", ""],
  ])(`${example.hash}: refuses %s`, async (_, challenge) => {
    await expect(make().respond(challenge)).rejects.toMatchObject({ code: "server-not-authentic" });
  });

  it(`${example.hash}: refuses an extension that it must know`, async () => {
    await expect(make().respond(`m=x,${example.challenge}`)).rejects.toMatchObject({ code: "protocol-error" });
  });
}

it("binds to the channel, and says when the server could and does not", () => {
  const common = { hash: "sha256", username: "a=b,c", password: "x", nonce: "n" } as const;
  expect(
    createScram({
      ...common,
      binding: { type: "tls-exporter", data: Buffer.from("k") },
      serverOffersPlus: true,
    }).initial(),
  ).toBe("p=tls-exporter,,n=a=3Db=2Cc,r=n");
  expect(createScram({ ...common, binding: undefined, serverOffersPlus: false }).initial()).toMatch(/^y,,/);
});

it("prepares as RFC 4013 has it", () => {
  expect(prepare("I\u00ADX")).toBe("IX");
  expect(prepare("\u00AA")).toBe("a");
  expect(prepare("\u2168")).toBe("IX");
  expect(prepare("a\u00A0b")).toBe("a b");
  expect(prepare("\u0007")).toBe("\u0007");
  // Unassigned in Unicode 3.2: a password may have such characters (RFC 5802 section 2.2), the others are still mapped.
  expect(prepare("\u0221\u00AD\u2168")).toBe("\u0221IX");
});

it("takes a nonce of 1,024 characters, and none that is longer", async () => {
  const answer = (length: number) =>
    createScram({
      hash: "sha1",
      username: "user",
      password: "pencil",
      binding: undefined,
      serverOffersPlus: false,
      nonce: "n",
    }).respond(`r=${"n".repeat(length)},s=QSXCR+Q6sek8bf92,i=4096`);
  await expect(answer(1_024)).resolves.toContain("p=");
  await expect(answer(1_025)).rejects.toMatchObject({ code: "server-not-authentic" });
});

it("works as long as 5,000,000 rounds ask for, and no longer", async () => {
  const scram = () =>
    createScram({
      hash: "sha256",
      username: "user",
      password: "pencil",
      binding: undefined,
      serverOffersPlus: false,
      nonce: "n",
    });
  const challenge = (rounds: number): string => `r=nmore,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=${rounds}`;
  await expect(scram().respond(challenge(5_000_000))).resolves.toContain("p=");
  await expect(scram().respond(challenge(5_000_001))).rejects.toMatchObject({ code: "server-not-authentic" });
  await expect(scram().respond(challenge(4_096))).resolves.toContain("p=");
  await expect(scram().respond(challenge(4_095))).rejects.toMatchObject({ code: "server-not-authentic" });
});

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { domainOf } from "../../../shared/model/address.ts";
import { createAudience } from "../../guard/audience.ts";
import { keepEverything, type LegalHold, type RetentionPolicy } from "../../history/keeping-policy.ts";
import type { Subject } from "../../history/store/candidates.ts";
import { createRetentionRules } from "./rules.ts";

const day = 24 * 3600 * 1000;
const now = Date.UTC(2026, 10, 24, 12);

const base: RetentionPolicy = {
  retentionDays: 0,
  externalDays: 0,
  minimumDays: 0,
  deleteEnabled: true,
  holds: [],
  allowedDomains: [],
};

function message(fields: Partial<Subject> = {}): Subject {
  const receivedAt = now - 100 * day;
  return {
    own: "alice@example.com",
    peer: "bob@example.com",
    sentAt: receivedAt,
    receivedAt,
    deleted: false,
    ...fields,
  };
}

function held(hold: LegalHold, fields: Partial<Subject> = {}): boolean {
  return createRetentionRules({ ...base, holds: [hold] }).protection(message(fields), now)?.by === "LegalHoldSubjects";
}

const addresses = fc.constantFrom(
  "alice@example.com",
  "bob@example.com",
  "carol@partner.example",
  "dave@a.supplier.example",
  "room@rooms.example.com",
);
const subjects: fc.Arbitrary<Subject> = fc.record({
  own: fc.option(addresses, { nil: undefined }),
  peer: addresses,
  members: fc.array(addresses, { maxLength: 3 }),
  sentAt: fc.oneof(fc.integer({ min: 0, max: now + 400 * day }), fc.constant(Number.NaN)),
  receivedAt: fc.oneof(fc.integer({ min: now - 400 * day, max: now + 10 * day }), fc.constant(Number.NaN)),
  deleted: fc.boolean(),
});
const dates = fc.option(fc.constantFrom("2026-01-01", "2026-06-30", "2026-11-01T08:00Z"), { nil: undefined });
const holds: fc.Arbitrary<LegalHold> = fc
  .tuple(dates, dates, fc.constantFrom("*.supplier.example", "example.com", "*"), addresses, fc.nat(3))
  .map(([from, to, domain, address, which]): LegalHold => {
    const range = { matter: "Case", ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    if (which === 0) return { ...range, type: "everything" };
    if (which === 1) return { ...range, type: "domain", domain };
    return which === 2 ? { ...range, type: "address", address } : { ...range, type: "room", address };
  });
const policies: fc.Arbitrary<RetentionPolicy> = fc.record({
  retentionDays: fc.constantFrom(0, 1, 30, 365),
  externalDays: fc.constantFrom(0, 1, 30, 365),
  minimumDays: fc.constantFrom(0, 1, 90, 36_500),
  deleteEnabled: fc.boolean(),
  holds: fc.array(holds, { maxLength: 3 }),
  allowedDomains: fc.constantFrom([], ["partner.example"], ["*"]),
});

describe("what may go", () => {
  it("is never what is held, nor what is younger than the minimum", () => {
    fc.assert(
      fc.property(policies, subjects, (policy, subject) => {
        const retention = createRetentionRules(policy);
        if (retention.removal(subject, now) === undefined) return;
        expect(retention.protection(subject, now)).toBeUndefined();
        expect(
          policy.holds.some((hold) => hold.type === "everything" && hold.from === undefined && hold.to === undefined),
        ).toBe(false);
        if (policy.minimumDays > 0) expect(now - subject.receivedAt).toBeGreaterThanOrEqual(policy.minimumDays * day);
      }),
      { numRuns: 2_000 },
    );
  });

  it("grows by nothing when a hold is added, the minimum is longer, or the retention is", () => {
    fc.assert(
      fc.property(policies, holds, subjects, (policy, hold, subject) => {
        const goes = (changed: RetentionPolicy): boolean =>
          createRetentionRules(changed).removal(subject, now) !== undefined;
        if (goes(policy)) return;
        expect(goes({ ...policy, holds: [...policy.holds, hold] })).toBe(false);
        expect(goes({ ...policy, minimumDays: policy.minimumDays + 10 })).toBe(false);
        if (policy.retentionDays > 0) expect(goes({ ...policy, retentionDays: policy.retentionDays + 10 })).toBe(false);
        expect(goes({ ...policy, retentionDays: 0, externalDays: 0 })).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });

  it("never depends on when somebody says that a message was said, but for holds with dates", () => {
    fc.assert(
      fc.property(policies, subjects, fc.integer(), (policy, subject, forged) => {
        const retention = createRetentionRules({ ...policy, holds: [] });
        expect(retention.removal({ ...subject, sentAt: forged }, now)).toBe(retention.removal(subject, now));
      }),
    );
  });

  it("is nothing as long as nobody has said what policy is", () => {
    fc.assert(
      fc.property(
        subjects,
        (subject) => void expect(createRetentionRules(keepEverything).removal(subject, now)).toBeUndefined(),
      ),
    );
  });

  it("lies before the latest cutoff, whichever rule takes it", () => {
    fc.assert(
      fc.property(policies, subjects, (policy, subject) => {
        const retention = createRetentionRules(policy);
        const rule = retention.removal(subject, now);
        if (rule === undefined || rule === "deleted-by-person") return;
        expect(subject.receivedAt).toBeLessThanOrEqual(retention.latestCutoff(now) ?? Number.NaN);
        expect(subject.receivedAt).toBeLessThanOrEqual(retention.cutoff(rule, now) ?? Number.NaN);
      }),
    );
  });
});

describe("retention", () => {
  it("takes what came longer ago than its days, to the millisecond", () => {
    const retention = createRetentionRules({ ...base, retentionDays: 30 });
    expect(retention.removal(message({ receivedAt: now - 30 * day }), now)).toBe("HistoryRetentionDays");
    expect(retention.removal(message({ receivedAt: now - 30 * day + 1 }), now)).toBeUndefined();
  });

  it("tells inside and outside as the rest of the program does, and keeps longer where nobody can tell", () => {
    const policy = { ...base, retentionDays: 365, externalDays: 30, allowedDomains: ["partner.example"] };
    const retention = createRetentionRules(policy);
    expect(retention.removal(message({ peer: "eve@elsewhere.example" }), now)).toBe("HistoryRetentionExternalDays");
    expect(retention.removal(message(), now)).toBeUndefined();
    expect(retention.removal(message({ peer: "carol@partner.example" }), now)).toBeUndefined();
    expect(retention.removal(message({ own: undefined, peer: "eve@elsewhere.example" }), now)).toBeUndefined();
    expect(
      createRetentionRules({ ...policy, retentionDays: 0 }).removal(message({ own: undefined }), now),
    ).toBeUndefined();
    fc.assert(
      fc.property(addresses, addresses, (own, peer) => {
        const external = createAudience(policy.allowedDomains)({ own, peer });
        expect(retention.removal(message({ own, peer, receivedAt: now - 400 * day }), now)).toBe(
          external ? "HistoryRetentionExternalDays" : "HistoryRetentionDays",
        );
      }),
    );
  });

  it("has one rule for all where external conversations have none of their own", () => {
    expect(
      createRetentionRules({ ...base, retentionDays: 30 }).removal(message({ peer: "eve@elsewhere.example" }), now),
    ).toBe("HistoryRetentionDays");
  });

  it("waits for the minimum, which is longer", () => {
    const retention = createRetentionRules({ ...base, retentionDays: 1, minimumDays: 90 });
    const receivedAt = now - 89 * day;
    expect(retention.protection(message({ receivedAt }), now)).toEqual({
      by: "HistoryMinimumDays",
      until: receivedAt + 90 * day,
    });
    expect(retention.removal(message({ receivedAt }), now)).toBeUndefined();
    expect(retention.removal(message({ receivedAt: now - 90 * day }), now)).toBe("HistoryRetentionDays");
  });
});

describe("what the person deleted and a rule kept", () => {
  it("goes when nothing keeps it any more, unless the person may not delete at all (any more)", () => {
    const subject = message({ deleted: true, receivedAt: now - 10 * day });
    expect(createRetentionRules({ ...base, minimumDays: 11 }).removal(subject, now)).toBeUndefined();
    expect(createRetentionRules({ ...base, minimumDays: 10 }).removal(subject, now)).toBe("deleted-by-person");
    expect(createRetentionRules({ ...base, deleteEnabled: false }).removal(subject, now)).toBeUndefined();
  });
});

describe("earlier versions", () => {
  it("stay under a minimum, a hold whatever its dates, and where nothing may be deleted", () => {
    const who = { own: "alice@example.com", peer: "bob@example.com" };
    const hold: LegalHold = {
      type: "address",
      address: "bob@example.com",
      matter: "Case",
      from: "2020-01-01",
      to: "2020-12-31",
    };
    expect(createRetentionRules(base).demandsRecord).toBe(false);
    expect(createRetentionRules({ ...base, minimumDays: 365 }).demandsRecord).toBe(true);
    expect(createRetentionRules({ ...base, deleteEnabled: false }).demandsRecord).toBe(true);
    const held = createRetentionRules({ ...base, holds: [hold] });
    expect(held.demandsRecord).toBe("held");
    expect(held.mayHold(who)).toBe(true);
    expect(held.mayHold({ ...who, peer: "carol@example.com" })).toBe(false);
  });
});

describe("a legal hold", () => {
  it("of an address holds what it took part in: as the other side, as the person's own, in a room", () => {
    const hold: LegalHold = { type: "address", address: "Bob@EXAMPLE.com", matter: "Case" };
    expect(held(hold)).toBe(true);
    expect(held(hold, { own: "bob@example.com", peer: "eve@elsewhere.example" })).toBe(true);
    expect(held(hold, { peer: "room@rooms.example.com", members: ["carol@partner.example", "bob@example.com"] })).toBe(
      true,
    );
    expect(held(hold, { peer: "eve@elsewhere.example" })).toBe(false);
    expect(held(hold, { own: undefined, peer: "eve@elsewhere.example" })).toBe(true);
  });

  it("of a domain takes patterns, in either form of the name", () => {
    const hold: LegalHold = { type: "domain", domain: "*.supplier.example", matter: "Case" };
    expect(held(hold, { peer: "dave@a.supplier.example" })).toBe(true);
    expect(held(hold, { peer: "dave@supplier.example" })).toBe(false);
    expect(held({ ...hold, domain: "xn--bcher-kva.example" }, { peer: "x@bücher.example" })).toBe(true);
    expect(domainOf("x@bücher.example")).toBe("bücher.example");
  });

  it("of a room holds what was said there, and nothing that its members say elsewhere", () => {
    const hold: LegalHold = { type: "room", address: "room@rooms.example.com", matter: "Case" };
    expect(held(hold, { peer: "room@rooms.example.com" })).toBe(true);
    expect(held(hold)).toBe(false);
  });

  it("of some time holds both ends, days wherever they are, and what was said or came then", () => {
    const hold: LegalHold = { type: "everything", matter: "Case", from: "2026-01-01", to: "2026-01-31" };
    const at = (text: string): Partial<Subject> => ({ sentAt: Date.parse(text), receivedAt: Date.parse(text) });
    expect(held(hold, at("2025-12-31T10:00:00Z"))).toBe(true); // 1 January in Kiribati
    expect(held(hold, at("2025-12-31T09:59:59Z"))).toBe(false);
    expect(held(hold, at("2026-02-01T11:59:59Z"))).toBe(true); // 31 January on Baker Island
    expect(held(hold, at("2026-02-01T12:00:00Z"))).toBe(false);
    expect(held(hold, { sentAt: 0, receivedAt: Date.parse("2026-01-15") })).toBe(true);
    expect(held(hold, { sentAt: Date.parse("2026-01-15"), receivedAt: Date.parse("2026-03-01") })).toBe(true);
    const exact: LegalHold = { ...hold, from: "2026-01-01T08:00Z", to: "2026-01-01T09:00Z" };
    expect(held(exact, at("2026-01-01T09:00:59.999Z"))).toBe(true);
    expect(held(exact, at("2026-01-01T09:01:00Z"))).toBe(false);
    expect(held(exact, at("2026-01-01T07:59:59.999Z"))).toBe(false);
  });
});

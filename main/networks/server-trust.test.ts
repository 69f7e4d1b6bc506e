import { rootCertificates } from "node:tls";
import { expect, it } from "vitest";
import { trustAnchors } from "./server-trust.ts";

it("has each anchor once, however its lines are broken", () => {
  const [first = ""] = rootCertificates;
  const rewrapped = first.replace(/\n(?!-)/g, "").replace("CERTIFICATE-----", "CERTIFICATE-----\n");
  expect(rewrapped).not.toBe(first);
  const compact = (pem: string): string => pem.replace(/\s/g, "");
  const all = trustAnchors([rewrapped]).map(compact);
  expect(all.filter((pem) => pem === compact(first))).toHaveLength(1);
  expect(new Set(all).size).toBe(all.length);
});

it("trusts an extra anchor beside the others", () => {
  const extra = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
  expect(trustAnchors([extra])).toContain(extra);
  expect(trustAnchors([extra])).toHaveLength(trustAnchors([]).length + 1);
  expect(trustAnchors([])).not.toContain(extra);
});

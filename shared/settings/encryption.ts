import * as v from "valibot";
import { absent, declare, itDecides, personOrPolicy } from "./declare.ts";
import { certificates, certificatesOrNone, domainPattern, keyHash } from "./forms.ts";
import { boolean, choice, list, someOf, structure } from "./kinds.ts";

const PinsSchema = v.strictObject({
  host: domainPattern,
  keys: v.pipe(v.array(keyHash), v.minLength(1), v.maxLength(20)),
});

/** The hash of no key: with this pin, no connection stands. */
const noKey = `${"A".repeat(43)}=`;

/** A real certificate of an authority whose key nobody has kept. */
const exampleCertificate = `-----BEGIN CERTIFICATE-----
MIIBjzCCATWgAwIBAgIUbaGjmgIcu7utDCktzVgS3+BVnfEwCgYIKoZIzj0EAwIw
HDEaMBgGA1UEAwwRRXhhbXBsZSBhdXRob3JpdHkwIBcNMjYxMTI5MTg0ODIxWhgP
MjEyNjExMDUxODQ4MjFaMBwxGjAYBgNVBAMMEUV4YW1wbGUgYXV0aG9yaXR5MFkw
EwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEu1zhjkUEQhrVJgWLiWPhbGsl15xZCojl
DRuqVeI1DdpHFgXLNoedNINjq5jF0nEt8upR2DfjUgypsSXsWWajJaNTMFEwHQYD
VR0OBBYEFLtVExKEnUYnsVH6JiWDShfh3kLOMB8GA1UdIwQYMBaAFLtVExKEnUYn
sVH6JiWDShfh3kLOMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIg
PVC31dxcD6mDZ+FzqGlKIZaisjGhS/voMwNuI8uRWVECIQCXtckqKFit5s7rGlCn
dUxT+92i/B2Pd8qGwT83lkYZrw==
-----END CERTIFICATE-----
`;

const e2eeMethods = ["omemo", "openpgp", "smime"] as const;

export const encryption = {
  TlsMinVersion: declare({
    ...choice(["1.2", "1.3"]),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/network.test.ts: a session below the lowest version of TLS is dropped at once, and comes back when it may",
    tighten: true,
    default: "1.2",
    restricted: "1.3",
    example: "1.3",
  }),
  /** May the person go on to a server whose certificate cannot be verified, or add an authority of their own? */
  CertificateExceptionsEnabled: declare({
    ...boolean(),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/accounts.test.ts: no authority that a person added is trusted while policy forbids it",
    default: true,
    restricted: false,
    example: false,
  }),
  /** `soft`: a revoked certificate is refused, one that cannot be looked up is not; `hard`: that one is refused too. */
  RevocationMode: declare({
    ...choice(["off", "soft", "hard"]),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/revocation.test.ts: a server whose certificate was revoked is not signed in to, nor under hard one about which nobody answers",
    default: "soft",
    restricted: "hard",
    example: "hard",
  }),
  /** The keys that a server may have; a host that no entry names is not pinned. */
  CertificatePins: declare({
    ...structure(v.pipe(v.array(PinsSchema), v.maxLength(1000), v.readonly())),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/network.test.ts: a server with another key than the pinned one is left, and not signed in to",
    default: [],
    restricted: [{ host: "*", keys: [noKey] }],
    example: [{ host: "chat.example.com", keys: ["d6qzRu9zOECb90Uez27xWltNsj0e1Md7GkYYkVoZWmM="] }],
  }),
  /** Certificates in PEM or base64 DER, trusted besides the system's. */
  AdditionalTrustAnchors: declare({
    ...list(certificates, 100),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/network.test.ts: an authority counts from the moment policy names it, and no longer than that",
    default: [],
    restricted: [],
    example: [exampleCertificate],
  }),
  /** End-to-end encryption. `required`: nothing is sent without it. */
  E2eeMode: declare({
    ...choice(["forbidden", "allowed", "preferred", "required"]),
    ...itDecides,
    since: "0.2",
    status: "enforced",
    test: "main/enforcement/end-to-end.test.ts: nothing is sent unencrypted where policy requires encryption, not even what waits; it is not lost, and what others write is shown",
    group: "e2ee",
    default: "allowed",
    restricted: "required",
    example: "preferred",
  }),
  E2eeMethods: declare({
    ...someOf(e2eeMethods),
    ...itDecides,
    ...absent,
    group: "e2ee",
    default: e2eeMethods,
    restricted: [],
    example: ["smime"],
  }),
  /** A device of a contact that nobody has verified: trusted until one is, asked about, or not written to. */
  UntrustedDevicePolicy: declare({
    ...choice(["trust", "ask", "block"]),
    ...personOrPolicy,
    ...absent,
    tighten: true,
    default: "ask",
    restricted: "block",
    example: "block",
  }),
  /**
   * A company's certificate in PEM or base64 DER, added to the recipients of S/MIME and shown to the person; empty:
   * none.
   */
  KeyEscrowCertificate: declare({
    kind: { type: "text", maxLength: 262_144 },
    schema: certificatesOrNone,
    ...itDecides,
    ...absent,
    default: "",
    restricted: "",
    example: exampleCertificate,
  }),
} as const;

import { randomBytes, X509Certificate } from "node:crypto";
import { OctetString } from "asn1js";
import {
  BasicOCSPResponse,
  CertID,
  Certificate,
  Extension,
  id_PKIX_OCSP_Basic,
  OCSPRequest,
  OCSPResponse,
  type SingleResponse,
} from "pkijs";

/**
 * Answer of an authority about one of its certificates, and until when it may be relied upon (milliseconds since the
 * epoch).
 */
export interface OcspAnswer {
  readonly state: "good" | "revoked" | "unknown";
  readonly until: number;
}

const idNonce = "1.3.6.1.5.5.7.48.1.2";
/** RFC 6960 section 4.2.2.2. */
const idOcspSigning = "1.3.6.1.5.5.7.3.9";
/** How many certificates that come with an answer are looked at. */
const maxSigners = 5;
/** RFC 9654 section 2.1. */
const nonceLength = 32;
/** Clocks differ. */
const clockMs = 5 * 60_000;
/**
 * How long an answer counts that does not say when the next one comes (RFC 6960 section 4.2.2.1: newer information is
 * always there).
 */
const withoutNextMs = 3_600_000;
const longestMs = 7 * 24 * 3_600_000;

/**
 * A request about one certificate, with a nonce that an answer which repeats one has to repeat (RFC 6960 section 4.1,
 * RFC 9654). DER in, DER out.
 */
export async function writeRequest(
  certificate: Uint8Array,
  issuer: Uint8Array,
): Promise<{ readonly request: Buffer; readonly nonce: Buffer }> {
  const nonce = randomBytes(nonceLength);
  const request = new OCSPRequest();
  await request.createForCertificate(Certificate.fromBER(Uint8Array.from(certificate)), {
    // What every responder knows (RFC 5019 section 2.1.1); it names, and protects nothing.
    hashAlgorithm: "SHA-1",
    issuerCertificate: Certificate.fromBER(Uint8Array.from(issuer)),
  });
  const value = new OctetString({ valueHex: Uint8Array.from(nonce).buffer }).toBER();
  request.tbsRequest.requestExtensions = [new Extension({ extnID: idNonce, extnValue: value })];
  return { request: Buffer.from(request.toSchema(true).toBER()), nonce };
}

/**
 * Reads an answer: signed by the issuer or by whom it delegated that to (RFC 6960 section 4.2.2.2), about this very
 * certificate, and of now. Undefined: it is none of that and says nothing. `nonce`: that of the request, where there
 * was one. Does not reject.
 */
export async function readAnswer(
  der: Uint8Array,
  about: {
    readonly certificate: Uint8Array;
    readonly issuer: Uint8Array;
    readonly nonce: Buffer | undefined;
    readonly now: number;
  },
): Promise<OcspAnswer | undefined> {
  try {
    const response = OCSPResponse.fromBER(Uint8Array.from(der));
    const bytes = response.responseBytes;
    if (response.responseStatus.valueBlock.valueDec !== 0 || bytes?.responseType !== id_PKIX_OCSP_Basic)
      return undefined;
    const basic = BasicOCSPResponse.fromBER(bytes.response.valueBlock.valueHexView);
    const certificate = Certificate.fromBER(Uint8Array.from(about.certificate));
    const issuer = { certificate: Certificate.fromBER(Uint8Array.from(about.issuer)), der: about.issuer };
    const single = await singleAbout(basic, certificate, issuer.certificate);
    if (!single || !repeats(basic, about.nonce)) return undefined;
    if (!(await isSigned(basic, issuer, about.now))) return undefined;
    return stateOf(single, about.now);
  } catch {
    // Whatever stands in it, or does not: nothing that says something.
    return undefined;
  }
}

interface Issuer {
  readonly certificate: Certificate;
  readonly der: Uint8Array;
}

/**
 * By the issuer, whose own certificate need not come with its answer, or by one of those that come and that it charged
 * with answering.
 */
async function isSigned(basic: BasicOCSPResponse, issuer: Issuer, now: number): Promise<boolean> {
  const above = new X509Certificate(issuer.der);
  const charged = (basic.certs ?? []).slice(0, maxSigners).filter((certificate) => {
    const signer = new X509Certificate(Buffer.from(certificate.toSchema(true).toBER()));
    const inTime = signer.validFromDate.getTime() <= now + clockMs && signer.validToDate.getTime() >= now - clockMs;
    // What Node calls the usage is the extended one. Without it every certificate of the issuer could speak for itself.
    return (
      inTime &&
      signer.keyUsage?.includes(idOcspSigning) === true &&
      signer.checkIssued(above) &&
      signer.verify(above.publicKey)
    );
  });
  for (const signer of [issuer.certificate, ...charged]) {
    basic.certs = [signer];
    // It throws where the answer names another signer.
    if (await basic.verify({ trustedResponders: [signer] }).catch(() => false)) return true;
  }
  return false;
}

/** An answer about others too is not asked for, and not taken. */
async function singleAbout(
  basic: BasicOCSPResponse,
  certificate: Certificate,
  issuerCertificate: Certificate,
): Promise<SingleResponse | undefined> {
  const [single, other] = basic.tbsResponseData.responses;
  if (!single || other) return undefined;
  for (const hashAlgorithm of ["SHA-1", "SHA-256"]) {
    const id = new CertID();
    await id.createForCertificate(certificate, { hashAlgorithm, issuerCertificate });
    if (single.certID.isEqual(id)) return single;
  }
  return undefined;
}

/** RFC 9654 section 2.1: many responders leave it out, which is well; another one is an old answer. */
function repeats(basic: BasicOCSPResponse, nonce: Buffer | undefined): boolean {
  const found = basic.tbsResponseData.responseExtensions?.find(({ extnID }) => extnID === idNonce);
  if (!found || !nonce) return true;
  return Buffer.from(found.extnValue.valueBlock.valueHexView).subarray(-nonceLength).equals(nonce);
}

/** Sections 3.2 and 4.2.2.1: what is not of now says nothing. A revoked certificate stays so. */
function stateOf({ certStatus, thisUpdate, nextUpdate }: SingleResponse, now: number): OcspAnswer | undefined {
  const since = thisUpdate.getTime();
  const until = Math.min(nextUpdate?.getTime() ?? since + withoutNextMs, now + longestMs);
  const tag: unknown = certStatus?.idBlock?.tagNumber;
  if (since > now + clockMs) return undefined;
  if (tag === 1) return { state: "revoked", until: Math.max(until, now + withoutNextMs) };
  if (until < now - clockMs) return undefined;
  return { state: tag === 0 ? "good" : "unknown", until };
}

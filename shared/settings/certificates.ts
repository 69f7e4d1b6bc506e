/** A certificate among other text (RFC 7468 section 5.1); the older label is taken too (section 5.3). */
const block = /-----BEGIN ((?:X509 )?CERTIFICATE)-----([A-Za-z0-9+/=\s]+)-----END \1-----/g;

/**
 * The certificates of a text, each as PEM with lines of 64 characters: PEM as files have it; PEM on one line, with
 * spaces or written-out `\n` for the line breaks, which is all that Group Policy can deliver; several one after the
 * other, with remarks between them (RFC 7468 section 2); or the base64 of one certificate's DER. Undefined: it holds
 * anything else. Only the frame of each is looked at (one DER sequence, whole); main/settings/certificate-check.ts
 * parses the rest.
 */
export function certificatesIn(text: string): readonly string[] | undefined {
  const lines = text.replace(/\\r\\n|\\n|\\r/g, "\n");
  const bodies = lines.includes("-----") ? [...lines.matchAll(block)].map(([, , body = ""]) => body) : [lines];
  if (bodies.length === 0 || (lines.includes("-----") && lines.replace(block, "").includes("-----"))) return undefined;
  const found = bodies.map((body) => body.replace(/\s+/g, ""));
  return found.every(isSequence) ? found.map(toPem) : undefined;
}

function toPem(base64: string): string {
  return `-----BEGIN CERTIFICATE-----\n${base64.match(/.{1,64}/g)?.join("\n") ?? ""}\n-----END CERTIFICATE-----\n`;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** Whether base64 (RFC 4648 section 4) holds one DER SEQUENCE and nothing else (X.690 sections 8.1 and 10.1). */
function isSequence(base64: string): boolean {
  const padding =
    /^(?:[A-Za-z0-9+/]{4})+$/.test(base64.replace(/={1,2}$/, (end) => "A".repeat(end.length))) &&
    base64.length % 4 === 0
      ? /=*$/.exec(base64)?.[0].length
      : undefined;
  if (padding === undefined) return false;
  const size = (base64.length / 4) * 3 - padding;
  const [tag, first = 0, ...rest] = headOf(base64);
  if (tag !== 0x30) return false;
  if (first < 0x80) return size === 2 + first;
  const lengthBytes = first & 0x7f;
  if (lengthBytes < 1 || lengthBytes > 3) return false;
  return size === 2 + lengthBytes + rest.slice(0, lengthBytes).reduce((sum, byte) => sum * 256 + byte, 0);
}

/** The first six bytes. */
function headOf(base64: string): readonly number[] {
  const bits = [...base64.slice(0, 8)]
    .map((letter) => Math.max(0, alphabet.indexOf(letter)).toString(2).padStart(6, "0"))
    .join("");
  return (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
}

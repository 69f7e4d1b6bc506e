import { isIP } from "node:net";
import { type ConnectionOptions, getCACertificates } from "node:tls";

/** How a server of the organization proves who it is. */
export interface ServerTrust {
  readonly host: string;
  readonly port: number;
  /** PEM certificates to trust besides the system's. */
  readonly authority: string | undefined;
  readonly minVersion: "TLSv1.2" | "TLSv1.3";
}

let anchors: readonly string[] | undefined;

/** The system's and Node's own; read once, since reading them takes long. */
function systemAnchors(): readonly string[] {
  anchors ??= [...new Set([...getCACertificates("default"), ...getCACertificates("system")])];
  return anchors;
}

/** Options that have the certificate checked, and that the host stands in it (RFC 5425 section 5.2, RFC 9110 section 4.3.4). */
export function trustOptions({ host, port, authority, minVersion }: ServerTrust): ConnectionOptions & { readonly host: string; readonly port: number } {
  const bare = host.replace(/^\[|\]$/g, "");
  return {
    host: bare,
    port,
    // RFC 6066 section 3: no address literals in SNI.
    ...(isIP(bare) ? {} : { servername: bare }),
    ca: [...systemAnchors(), ...(authority === undefined ? [] : [authority])],
    minVersion,
    rejectUnauthorized: true,
  };
}

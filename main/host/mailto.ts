/**
 * Headers that a link may fill in: who reads it, and what it says. RFC 6068 section 4 and 7: the others are not safe.
 * `attach` and `attachment` make some mail programs send a file of this computer; `from`, `reply-to` and `bcc` let the
 * answer go, or a copy, to others.
 */
const safeHeaders: ReadonlySet<string> = new Set(["to", "cc", "subject", "body", "in-reply-to"]);

/**
 * A mailto link (RFC 6068) written anew from its parts: recipients, and the headers that are safe. Undefined: it cannot
 * be read. Nothing that a mail program could read in another way than we do is left as it was written.
 */
export function safeMailto(url: URL): string | undefined {
  try {
    const recipients = decodeURIComponent(url.pathname).split(",").map(address);
    const headers = url.search
      .slice(1)
      .split("&")
      .flatMap((part) => {
        const [name = "", ...rest] = part.split("=");
        const header = decodeURIComponent(name).toLowerCase();
        return safeHeaders.has(header) ? [`${header}=${value(header, decodeURIComponent(rest.join("=")))}`] : [];
      });
    return `mailto:${recipients.join(",")}${headers.length === 0 ? "" : `?${headers.join("&")}`}`;
  } catch {
    // A percent sign that stands for nothing.
    return undefined;
  }
}

function address(text: string): string {
  return encode(text.replace(/[\u0000-\u001f\u007f]/g, "")).replaceAll("%40", "@");
}

/** Lines only in the body: elsewhere they would begin another header. */
function value(header: string, text: string): string {
  return encode(
    header === "body"
      ? text.replace(/\r\n?|\n/g, "\r\n").replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "")
      : text.replace(/[\u0000-\u001f\u007f]/g, " "),
  );
}

/** Also what encodeURIComponent leaves and a shell or a mail program's option reader would not. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

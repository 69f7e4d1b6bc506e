import { createHash, createHmac, pbkdf2Sync, timingSafeEqual, X509Certificate } from "node:crypto";
import type { ScriptedClient, ScriptOptions } from "./scripted-server.ts";

const nsSasl = "urn:ietf:params:xml:ns:xmpp-sasl";

/**
 * The server's side of SCRAM (RFC 5802), honest: it knows the password and checks the channel binding. `more`:
 * attributes added to its challenge.
 */
export function honestScram(password: string, more = ""): NonNullable<ScriptOptions["sasl"]> {
  const nonce = "server-nonce";
  const salt = Buffer.from("some salt");
  let bare = "";
  let gs2 = "";
  let challenge = "";
  let mechanism = "";
  return (element, client) => {
    const text = Buffer.from(element.getText(), "base64").toString();
    if (element.name === "auth") {
      mechanism = element.attrs["mechanism"] ?? "";
      const at = text.indexOf("n=", text.indexOf(",") + 1);
      gs2 = text.slice(0, at);
      bare = text.slice(at);
      challenge = `r=${/r=([^,]+)/.exec(bare)?.[1]}${nonce},s=${salt.toString("base64")},i=4096${more}`;
      return `<challenge xmlns='${nsSasl}'>${Buffer.from(challenge).toString("base64")}</challenge>`;
    }
    const hash = mechanism.includes("512") ? "sha512" : mechanism.includes("256") ? "sha256" : "sha1";
    const mac = (key: Buffer, data: string) => createHmac(hash, key).update(data).digest();
    const salted = pbkdf2Sync(password, salt, 4096, { sha512: 64, sha256: 32, sha1: 20 }[hash], hash);
    const [, binding = "", proof = ""] = /^c=([^,]+),r=[^,]+,p=(.+)$/.exec(text) ?? [];
    const signed = `${bare},${challenge},${text.slice(0, text.lastIndexOf(",p="))}`;
    const clientKey = mac(salted, "Client Key");
    const signature = mac(createHash(hash).update(clientKey).digest(), signed);
    const right = Buffer.from(clientKey.map((b, i) => b ^ (signature[i] ?? 0)));
    const bound = Buffer.concat([
      Buffer.from(gs2),
      mechanism.endsWith("-PLUS") ? material(client, gs2) : Buffer.alloc(0),
    ]);
    const given = Buffer.from(proof, "base64");
    if (
      !bound.equals(Buffer.from(binding, "base64")) ||
      given.length !== right.length ||
      !timingSafeEqual(given, right)
    ) {
      return `<failure xmlns='${nsSasl}'><not-authorized/></failure>`;
    }
    return `<success xmlns='${nsSasl}'>${Buffer.from(`v=${mac(mac(salted, "Server Key"), signed).toString("base64")}`).toString("base64")}</success>`;
  };
}

function material(client: ScriptedClient, gs2: string): Buffer {
  const { tls, certificate } = client;
  if (gs2 === "p=tls-server-end-point,,")
    return createHash("sha256")
      .update(new X509Certificate(certificate ?? "").raw)
      .digest();
  if (gs2 === "p=tls-exporter,,")
    return tls?.exportKeyingMaterial(32, "EXPORTER-Channel-Binding", Buffer.alloc(0)) ?? Buffer.from("none");
  return tls?.getPeerFinished() ?? Buffer.from("none");
}

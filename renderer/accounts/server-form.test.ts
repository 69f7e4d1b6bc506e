import { describe, expect, it } from "vitest";
import { networks } from "../dev/networks.ts";
import {
  countCertificates,
  emptyServerForm,
  isServerFormValid,
  portOf,
  serverFormOf,
  serverSettingsOf,
  transportsOf,
} from "./server-form.ts";

const pem = "-----BEGIN CERTIFICATE-----\nMIIB+/=\n-----END CERTIFICATE-----\n";

describe("server form", () => {
  it("sends only what was filled in", () => {
    expect(serverSettingsOf(emptyServerForm, networks)).toEqual({});
    expect(
      serverSettingsOf(
        {
          ...emptyServerForm,
          host: " chat.example ",
          port: "5223",
          transport: "direct-tls",
          authUser: "me",
          caPem: pem,
        },
        networks,
      ),
    ).toEqual({
      host: "chat.example",
      port: 5223,
      transport: "direct-tls",
      authUser: "me",
      caPem: pem,
    });
  });

  it("comes back from an account as it was, pins included", () => {
    const server = { host: "chat.example", port: 5222, transport: "starttls", caPem: pem, pins: ["x"] } as const;
    const kept = { ...server, pins: [...server.pins] };
    expect(serverSettingsOf(serverFormOf(kept, "xmpp", networks), networks, kept)).toEqual(kept);
  });

  it("names a contact list server for SIMPLE alone, and only one that is reached encrypted", () => {
    const form = { ...emptyServerForm, protocol: "simple", xcapRoot: " https://xcap.example/root " } as const;
    expect(serverSettingsOf(form, networks)).toEqual({ xcapRoot: "https://xcap.example/root" });
    expect(serverSettingsOf({ ...form, protocol: "xmpp" }, networks)).toEqual({});
    expect(isServerFormValid(form, networks)).toBe(true);
    expect(isServerFormValid({ ...form, xcapRoot: "http://xcap.example/root" }, networks)).toBe(false);
    expect(isServerFormValid({ ...form, xcapRoot: "https://a b" }, networks)).toBe(false);
  });

  it("names the path of a WebSocket alone, and only what can be one", () => {
    const form = { ...emptyServerForm, transport: "websocket", path: " /ws?x=1 " } as const;
    expect(serverSettingsOf(form, networks)).toEqual({ transport: "websocket", path: "/ws?x=1" });
    expect(serverSettingsOf(serverFormOf({ transport: "websocket", path: "/ws" }, "xmpp", networks), networks)).toEqual(
      {
        transport: "websocket",
        path: "/ws",
      },
    );
    expect(serverSettingsOf({ ...form, transport: "starttls" }, networks)).toEqual({ transport: "starttls" });
    expect(isServerFormValid(form, networks)).toBe(true);
    for (const path of ["ws", "//other.test/ws", "/a b", "/a#b", "https://other.test/ws"])
      expect(isServerFormValid({ ...form, path }, networks)).toBe(false);
  });

  it("offers no transport that main refuses", () => {
    expect(transportsOf("simple", networks)).toEqual(["tls", "websocket"]);
    expect(serverFormOf({ transport: "udp" }, "simple", networks).transport).toBe("auto");
  });

  it.each([
    ["", ""],
    [" 5222 ", 5222],
    ["0", undefined],
    ["65536", undefined],
    ["5e3", undefined],
    ["-1", undefined],
    ["abc", undefined],
  ])("reads the port %j", (text, expected) => {
    expect(portOf(text)).toBe(expected);
  });

  it("counts certificates, and takes nothing else for one", () => {
    expect(countCertificates(pem + pem)).toBe(2);
    expect(countCertificates("-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----")).toBe(0);
    expect(countCertificates("-----BEGIN CERTIFICATE-----<script>-----END CERTIFICATE-----")).toBe(0);
  });
});

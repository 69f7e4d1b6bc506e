import { once } from "node:events";
import { connect, createServer } from "node:tls";
import { expect, it } from "vitest";
import { peerCertificate } from "./peer-certificate.ts";
import { createTestCertificate } from "./xmpp/testing/certificate.ts";

it.each([0, 1])("a server's certificate can be asked for again and again (%i more in its chain)", async (more) => {
  const [own, other] = [createTestCertificate("example.test"), createTestCertificate("other.test")];
  const server = createServer({ key: own.key, cert: more === 0 ? own.pem : own.pem + other.pem });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const socket = connect({ host: "127.0.0.1", port, servername: "example.test", ca: own.pem });
    await once(socket, "secureConnect");
    const asked = [peerCertificate(socket), peerCertificate(socket), peerCertificate(socket)];
    expect(asked.map((certificate) => certificate?.subject)).toEqual([
      "CN=example.test",
      "CN=example.test",
      "CN=example.test",
    ]);
    socket.destroy();
    expect(peerCertificate(socket)).toBeUndefined();
  } finally {
    server.close();
  }
});

import type { Harness } from "../../main/networks/conformance/harness.ts";
import { negotiate } from "../../main/networks/xmpp/stream/negotiate.ts";
import { connectTcpTransport } from "../../main/networks/xmpp/transports/tcp.ts";
import { type Address, domainOf, localOf } from "../../shared/model/address.ts";

/**
 * Signs in as a stranger, writes that to the stream, and waits until the server has it. Answers the stranger's address.
 */
export async function sendRaw(harness: Harness, stanzas: (from: Address) => string): Promise<Address> {
  const stranger: { readonly address: Address; readonly password: string } = await harness.newAccount();
  const { host = "", port = 0, caPem = "" } = harness.settings("good");
  const domain = domainOf(stranger.address);
  const transport = await connectTcpTransport({
    endpoint: { host, port, transport: "starttls" },
    domain,
    to: domain,
    tls: { ca: [caPem], minVersion: "TLSv1.2", pins: [], mayHave: () => true },
    lookup: async () => [{ address: "127.0.0.1", family: 4 }],
    signal: AbortSignal.timeout(30_000),
  });
  try {
    const username = localOf(stranger.address);
    await negotiate(transport, {
      bare: stranger.address,
      domain,
      resource: "stranger",
      previous: undefined,
      username,
      password: stranger.password,
      floor: undefined,
      unbound: true,
      may: () => true,
    });
    const taken = new Promise<void>((resolve, reject) => {
      transport.listen({
        opened: () => undefined,
        element: (element) => {
          if (element.name === "iq" && element.attrs["id"] === "taken") resolve();
        },
        closed: (error) => reject(error ?? new Error("the server ended the stream")),
      });
    });
    transport.send(
      `${stanzas(stranger.address)}<iq type='get' id='taken' to='${domain}'><ping xmlns='urn:xmpp:ping'/></iq>`,
    );
    await taken;
    return stranger.address;
  } finally {
    transport.destroy();
  }
}

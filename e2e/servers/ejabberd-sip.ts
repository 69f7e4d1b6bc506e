import type { Certificate } from "./certificates.ts";
import { behindNat, createDoors } from "./doors.ts";
import { startEjabberd } from "./ejabberd.ts";
import { freePorts } from "./ports.ts";
import type { Proxy } from "./proxy.ts";

/** The SIP service of an ejabberd: a registrar and proxy without presence. */
export interface EjabberdSipServer {
  readonly ports: { readonly sip: number; readonly sips: number };
  addUser(user: string, password: string): Promise<void>;
  /** A way in that can be cut; closed by `stop`. */
  door(): Promise<Proxy>;
  stop(): Promise<void>;
}

/** Starts one. `flowTimeout`: seconds of silence after which it gives a connection up (its Flow-Timer). */
export async function startEjabberdSip(options: {
  readonly domain: string;
  readonly certificate: Certificate;
  readonly flowTimeout: number;
}): Promise<EjabberdSipServer> {
  const { domain, certificate, flowTimeout } = options;
  const [sip, sips] = await freePorts(2);
  if (sip === undefined || sips === undefined) throw new Error("two ports were asked for");
  const listener = { ip: "127.0.0.1", module: "ejabberd_sip" };
  const via = (type: string, port: number): { type: string; host: string; port: number } => ({
    type,
    host: "127.0.0.1",
    port,
  });
  const server = await startEjabberd({
    domain,
    certificate,
    awaited: [sip, sips],
    // Its processes write to one TLS connection side by side, and on two cores their records change places now and then:
    // the connection ends with "bad record mac".
    machine: ["+S", "1:1"],
    listeners: [
      { ...listener, port: sip, transport: "tcp", tls: false },
      { ...listener, port: sip, transport: "udp" },
      { ...listener, port: sips, transport: "tcp", tls: true },
    ],
    modules: {
      mod_sip: {
        always_record_route: true,
        flow_timeout_udp: 29,
        flow_timeout_tcp: flowTimeout,
        via: [via("tls", sips), via("tcp", sip), via("udp", sip)],
      },
    },
  });
  const doors = createDoors();
  return {
    ports: { sip, sips },
    addUser: server.addUser,
    door: () => doors.open(sips, behindNat),
    async stop() {
      await doors.close();
      await server.stop();
    },
  };
}

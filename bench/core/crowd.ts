import { randomUUID } from "node:crypto";
import { createCertificates } from "../../e2e/servers/certificates.ts";
import type { Zone, ZoneRecord } from "../../e2e/servers/dns.ts";
import { startProsody } from "../../e2e/servers/prosody.ts";
import { type Proxy, startProxy } from "../../e2e/servers/proxy.ts";
import { type Component, connectComponent } from "./component.ts";
import type { BenchAccount } from "./headless.ts";

/** A real server with one account that has a very long contact list, whose people are played by one component. */
export interface Crowd {
  readonly account: BenchAccount;
  readonly size: number;
  /** Person at the top of the list, in the first group; their change is the last that `everybody` sends. */
  readonly top: string;
  /** One presence change of everybody, `show` for all; resolves when the server has been handed all of them. */
  everybody(show: "available" | "away" | "dnd"): Promise<void>;
  /** A way in of its own, through which one client is to sign in, once. `resource`: beginning of its full address's. */
  way(resource: RegExp): Promise<WayIn>;
  /** Authority that has signed the server's certificate. */
  readonly authorityPem: string;
  stop(): Promise<void>;
}

/** A door in front of the server at which a sign-in is timed; closed with the crowd. */
export interface WayIn {
  readonly port: number;
  /** Records by which a client that is told nothing but the address finds this port. */
  readonly zone: Zone;
  /** Milliseconds from the client's first byte to its presence at somebody on the list. */
  readonly took: Promise<number>;
}

const domain = "example.test";
const people = "people.example.test";
const departments = [
  "Engineering",
  "Research",
  "Sales",
  "Support",
  "Finance",
  "Legal",
  "Operations",
  "Marketing",
  "Design",
  "People",
];

/** Starts the server and fills the list: so many people in ten groups, all of them on both sides' lists. */
export async function startCrowd(size = 10_000): Promise<Crowd> {
  const certificates = await createCertificates([domain, `rooms.${domain}`]);
  const server = await startProsody({ domain, certificate: certificates.good, component: people });
  let component: Component | undefined;
  const doors: Proxy[] = [];
  const stop = async (): Promise<void> => {
    for (const door of doors) await door.close();
    await component?.close();
    await server.stop();
    await certificates.remove();
  };
  try {
    if (!server.component) throw new Error("a component was asked for");
    component = await connectComponent(server.component);
    const user = "centre";
    const password = randomUUID();
    const nameOf = (index: number): string => `Person ${String(index).padStart(5, "0")}`;
    // The list stands in the order of groups, then names.
    const top = departments.indexOf(departments.toSorted()[0] ?? "");
    const address = (index: number): string => `person.${index}@${people}`;
    await server.addUser(user, password);
    await server.seedRoster(
      user,
      Array.from({ length: size }, (_, index) => ({
        address: address(index),
        name: nameOf(index),
        groups: [departments[index % departments.length] ?? ""],
      })),
    );
    const speaker = component;
    return {
      size,
      top: nameOf(top),
      account: {
        protocol: "xmpp",
        address: `${user}@${domain}`,
        password,
        server: {
          host: "127.0.0.1",
          port: server.ports.starttls,
          transport: "starttls",
          caPem: certificates.authority.pem,
        },
      },
      everybody(show) {
        const inner = show === "available" ? "" : `<show>${show}</show>`;
        const order = Array.from({ length: size }, (_, index) => index).filter((index) => index !== top);
        const stanzas = [...order, top].map(
          (index) => `<presence from='${address(index)}/desk' to='${user}@${domain}'>${inner}</presence>`,
        );
        return speaker.send(stanzas.join(""));
      },
      authorityPem: certificates.authority.pem,
      async way(resource) {
        const first = Promise.withResolvers<number>();
        const door = await startProxy(server.ports.starttls, undefined, () => first.resolve(performance.now()));
        doors.push(door);
        const here = { a: ["127.0.0.1"] };
        const seen = speaker.next(
          new RegExp(`<presence (?![^>]*type=)[^>]*from='${user}@${domain}/${resource.source}`),
        );
        return {
          port: door.port,
          zone: new Map<string, ZoneRecord>([
            [domain, here],
            [`xmpp.${domain}`, here],
            [`_xmpp-client._tcp.${domain}`, { srv: [{ name: `xmpp.${domain}`, port: door.port }] }],
          ]),
          took: Promise.all([first.promise, seen]).then(([from, to]) => to - from),
        };
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

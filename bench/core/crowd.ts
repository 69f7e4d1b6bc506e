import { randomUUID } from "node:crypto";
import { createCertificates } from "../../e2e/servers/certificates.ts";
import { startProsody } from "../../e2e/servers/prosody.ts";
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
  stop(): Promise<void>;
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
  const stop = async (): Promise<void> => {
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
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

import type { NetworkDescription } from "../../../../shared/model/network.ts";

export const memoryDescription: NetworkDescription = {
  id: "memory",
  name: "Memory",
  fullName: "Memory (tests only)",
  tagged: true,
  schemes: [],
  transports: ["tls"],
  xcap: false,
  services: false,
  silentWhenOffline: false,
  nearest: {},
};

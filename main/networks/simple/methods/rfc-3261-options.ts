import { defineFeature } from "../feature.ts";

/** Capabilities of this client, for those who may know that we are here. Source: RFC 3261 section 11.2. */
export const options = defineFeature({
  name: "RFC 3261: OPTIONS",
  methods: {
    OPTIONS: {
      allowed: "always",
      attach: ({ announced }) => ({
        answer: () => ({
          status: 200,
          headers: [
            announced.allow,
            announced.accept,
            ...(announced.isNotifier ? [announced.allowEvents] : []),
            announced.supported(),
          ],
        }),
      }),
    },
  },
});

import { defineFeature } from "../feature.ts";

/** Page-mode messages: something said, which is heard whoever says it. The 200 follows storing. Source: RFC 3428. */
export const message = defineFeature({
  name: "RFC 3428: MESSAGE",
  methods: {
    MESSAGE: {
      allowed: "always",
      answersEverybody: true,
      attach: ({ messages, contactPresence, isForUs }) => ({
        answer: (request, from) => {
          if (!isForUs(request.uri)) return { status: 404 };
          // Whoever sends something is there: what we could not learn of them may be had now.
          if (from !== undefined) contactPresence.heard(from);
          return messages.receive(request, from);
        },
      }),
    },
  },
});

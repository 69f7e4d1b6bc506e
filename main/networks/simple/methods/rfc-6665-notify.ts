import { defineFeature } from "../feature.ts";

/**
 * Notifications of our subscriptions. RFC 6665 section 4.1.3: one of a subscription that we do not have gets 481, which
 * ends it.
 */
export const notify = defineFeature({
  name: "RFC 6665: NOTIFY",
  methods: {
    NOTIFY: {
      allowed: "always",
      answersEverybody: true,
      attach: ({ subscriptions }) => ({
        answer: (request) => subscriptions.find(request)?.notify(request) ?? { status: 481 },
      }),
    },
  },
});

import { defineFeature } from "../feature.ts";

/** A CANCEL of what the transaction layer does not know (RFC 3261 section 9.2); what it knows it answers itself. */
export const cancel = defineFeature({
  name: "RFC 3261: CANCEL",
  methods: {
    CANCEL: {
      allowed: "never",
      answersEverybody: true,
      attach: () => ({ answer: () => ({ status: 481 }) }),
    },
  },
});

/** Networks that policy can name. Templates and documentation list them, so that they are not those of a build alone. */
export const policyProtocols = ["xmpp", "simple"] as const;

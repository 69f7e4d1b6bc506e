import { plainText } from "./bodies/rfc-2046-plain-text.ts";
import { cpim } from "./bodies/rfc-3862-cpim.ts";
import { isComposing } from "./bodies/rfc-3994-is-composing.ts";
import { dispositionNotifications } from "./bodies/rfc-5438-imdn.ts";
import { path } from "./extensions/rfc-3327-path.ts";
import { outbound } from "./extensions/rfc-5626-outbound.ts";
import type { SipFeature } from "./feature.ts";
import { cancel } from "./methods/rfc-3261-cancel.ts";
import { invite } from "./methods/rfc-3261-invite.ts";
import { options } from "./methods/rfc-3261-options.ts";
import { message } from "./methods/rfc-3428-message.ts";
import { refer } from "./methods/rfc-3515-refer.ts";
import { notify } from "./methods/rfc-6665-notify.ts";
import { subscribe } from "./methods/rfc-6665-subscribe.ts";
import { presence } from "./packages/rfc-3856-presence.ts";
import { watcherInfo } from "./packages/rfc-3857-watcher-info.ts";

/** Every feature that is in use; the order is that in which headers name them. */
export const features: readonly SipFeature[] = [
  message,
  notify,
  options,
  subscribe,
  cancel,
  invite,
  refer,
  presence,
  watcherInfo,
  plainText,
  cpim,
  dispositionNotifications,
  isComposing,
  path,
  outbound,
];

import type { Extension } from "./extension.ts";
import { privacyLists } from "./xeps/xep-0016-privacy-lists.ts";
import { serviceDiscovery } from "./xeps/xep-0030-disco.ts";
import { rooms } from "./xeps/xep-0045-rooms.ts";
import { links } from "./xeps/xep-0066-links.ts";
import { formattedText } from "./xeps/xep-0071-xhtml.ts";
import { location } from "./xeps/xep-0080-location.ts";
import { chatStates } from "./xeps/xep-0085-chat-states.ts";
import { softwareVersion } from "./xeps/xep-0092-version.ts";
import { gateways } from "./xeps/xep-0100-gateways.ts";
import { entityCapabilities } from "./xeps/xep-0115-caps.ts";
import { nickname } from "./xeps/xep-0172-nick.ts";
import { receipts } from "./xeps/xep-0184-receipts.ts";
import { blocking } from "./xeps/xep-0191-blocking.ts";
import { ping } from "./xeps/xep-0199-ping.ts";
import { entityTime } from "./xeps/xep-0202-time.ts";
import { delayedDelivery } from "./xeps/xep-0203-delay.ts";
import { attention } from "./xeps/xep-0224-attention.ts";
import { directInvitations } from "./xeps/xep-0249-invitations.ts";
import { carbons } from "./xeps/xep-0280-carbons.ts";
import { corrections } from "./xeps/xep-0308-corrections.ts";
import { messageArchive } from "./xeps/xep-0313-archive.ts";
import { idle } from "./xeps/xep-0319-idle.ts";
import { displayedMarkers } from "./xeps/xep-0333-markers.ts";
import { clientState } from "./xeps/xep-0352-client-state.ts";
import { calls } from "./xeps/xep-0353-calls.ts";
import { stanzaIds } from "./xeps/xep-0359-stanza-ids.ts";
import { encryption } from "./xeps/xep-0380-encryption.ts";
import { retractions } from "./xeps/xep-0424-retractions.ts";
import { fallbacks } from "./xeps/xep-0428-fallback.ts";
import { archivePreferences } from "./xeps/xep-0441-archive-preferences.ts";

import { reactions } from "./xeps/xep-0444-reactions.ts";
import { sharedFiles } from "./xeps/xep-0447-files.ts";

/** Every protocol extension that is in use; the order is that in which they add to stanzas. */
export const extensions: readonly Extension[] = [
  carbons,
  messageArchive,
  archivePreferences,
  gateways,
  privacyLists,
  stanzaIds,
  delayedDelivery,
  corrections,
  retractions,
  receipts,
  displayedMarkers,
  chatStates,
  idle,
  nickname,
  serviceDiscovery,
  entityCapabilities,
  ping,
  softwareVersion,
  entityTime,
  blocking,
  rooms,
  directInvitations,
  encryption,
  fallbacks,
  reactions,
  attention,
  calls,
  location,
  formattedText,
  links,
  sharedFiles,
  clientState,
];

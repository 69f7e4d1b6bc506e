import type { ArchiveFacet } from "./archive.ts";
import type { BlockingFacet } from "./blocking.ts";
import type { ContactsFacet } from "./contacts.ts";
import type { DirectoryFacet } from "./directory.ts";
import type { FilesFacet } from "./files.ts";
import type { KeysFacet } from "./keys.ts";
import type { MessagesFacet } from "./messages.ts";
import type { PresenceFacet } from "./presence.ts";
import type { RoomsFacet } from "./rooms.ts";

/**
 * Everything that can be done over a connection, one facet per subject. What a network or its server cannot do is
 * absent: a facet, or an optional method of one. That may change while connected, and the event `facets` tells of it:
 * ask the connection for the facet each time, and keep none.
 *
 * Every facet has a wrapper in main/enforcement that governs it: a facet or a method without one does not compile.
 */
export interface Facets {
  readonly messages: MessagesFacet;
  readonly contacts: ContactsFacet;
  readonly presence: PresenceFacet;
  readonly blocking?: BlockingFacet | undefined;
  /** Present until the server is known to have none. */
  readonly archive?: ArchiveFacet | undefined;
  readonly rooms?: RoomsFacet | undefined;
  readonly files?: FilesFacet | undefined;
  readonly keys?: KeysFacet | undefined;
  readonly directory?: DirectoryFacet | undefined;
}

import type { RoomsFacet } from "../networks/facets/rooms.ts";
import type { Whole } from "./governed.ts";
import type { Governor } from "./governor.ts";

/** Enters no room that may not be met; any can be left. */
export class GovernedRooms implements Whole<RoomsFacet> {
  readonly #inner: RoomsFacet;
  readonly #governor: Governor;

  constructor(inner: RoomsFacet, governor: Governor) {
    this.#inner = inner;
    this.#governor = governor;
  }

  readonly join: RoomsFacet["join"] = async (room, nickname) => {
    this.#governor.meet(room);
    await this.#inner.join(room, nickname);
  };

  readonly leave: RoomsFacet["leave"] = (room) => this.#inner.leave(room);
}

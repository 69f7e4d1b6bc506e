import type { RoomsFacet } from "../networks/facets/rooms.ts";
import { governs } from "./governed.ts";

/** Enters no room that may not be met; any can be left. */
export const governRooms = governs<RoomsFacet>((inner, governor) => ({
  async join(room, nickname) {
    governor.meet(room);
    await inner.join(room, nickname);
  },
  leave: (room) => inner.leave(room),
}));

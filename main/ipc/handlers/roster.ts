import type { RosterRequests } from "../../store/roster/roster-view.ts";
import type { Handlers } from "../dispatch.ts";

type RosterHandlers = Pick<Handlers, "roster.show" | "roster.find" | "roster.typeahead" | "roster.unread">;

/** Requests about the contact list as the window shows it. */
export function rosterHandlers(roster: RosterRequests): RosterHandlers {
  return {
    async "roster.show"(state) {
      await roster.show(state);
      return {};
    },
    "roster.find": async ({ text, limit, asked }) => ({ people: await roster.find(text, limit, asked === true) }),
    async "roster.typeahead"({ text, from, names }) {
      const row = await roster.typeahead(text, from, names);
      return row === undefined ? {} : { row };
    },
    "roster.unread"({ from, step }) {
      const conversationId = roster.unread(from, step);
      return conversationId === undefined ? {} : { conversationId };
    },
  };
}

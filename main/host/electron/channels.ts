/** Renderer to main: one text, a call as JSON. */
export const callChannel = "hallway:call";
/** Main to renderer: one reply, update or command. */
export const messageChannel = "hallway:message";

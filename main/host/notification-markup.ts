const entities: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };

/**
 * The body of a notification for a desktop that reads markup in it: on Linux the body goes to the notification server
 * as it is, which takes links and pictures from it (Desktop Notifications Specification 1.2, "Markup"). Titles are
 * never markup, and no other system has any. Chromium does this by itself for its own notifications.
 */
export function notificationBody(platform: NodeJS.Platform, body: string): string {
  return platform === "linux" ? body.replace(/[&<>]/g, (character) => entities[character] ?? character) : body;
}

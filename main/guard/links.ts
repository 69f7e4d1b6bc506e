/**
 * Anything that a person or a program could take for a link: wider than what the window makes one of (renderer/conversation/linkify.ts),
 * so that nothing passes here and can be clicked there.
 */
const link = /(?:^|[^\p{L}\p{N}])(?:[a-z][a-z0-9+.-]{0,30}:\/\/|mailto:|www\.)[^\s<>"]/iu;

/** Does a text hold a link? */
export function holdsLink(body: string): boolean {
  return link.test(body);
}

import type { Element } from "@xmpp/xml";
import { maxBodyLength } from "../../../../shared/model/message.ts";
import { ellipsized } from "../../../../shared/text/truncate.ts";

/** Files of one message that are told of. */
export const maxFiles = 16;

/** The first children of this name, so many as are told of. */
export function filesIn(element: Element, name: string, xmlns: string): readonly Element[] {
  return element.getChildren(name, xmlns).slice(0, maxFiles);
}

/** One link a line; undefined: there is none. */
export function linkLines(links: readonly string[]): string | undefined {
  return links.length === 0 ? undefined : ellipsized([...new Set(links)].join("\n"), maxBodyLength);
}

/**
 * Does the text say some of these addresses and nothing else? Then it is a program's, for those that know no more than
 * one of them.
 */
export function saysOnly(body: string, urls: readonly string[]): boolean {
  const lines = body.split("\n").map((line) => line.trim());
  return lines.every((line) => urls.includes(line));
}

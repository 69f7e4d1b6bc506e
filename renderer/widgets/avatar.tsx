import type { Availability } from "../../shared/model/presence.ts";
import { firstCharacter } from "../../shared/text/truncate.ts";
import { PresenceDot } from "./presence-dot.tsx";

/** Initials on one of four tints, always the same for an address, with the presence shape on its corner. */
export function Avatar({
  name,
  seed,
  availability,
  large = false,
}: {
  readonly name: string;
  readonly seed: string;
  readonly availability?: Availability;
  readonly large?: boolean;
}) {
  return (
    <span class={`avatar tint-${tintOf(seed)}${large ? " avatar-large" : ""}`} aria-hidden="true">
      {initialsOf(name)}
      {availability !== undefined && (
        <span class="avatar-presence">
          <PresenceDot availability={availability} />
        </span>
      )}
    </span>
  );
}

/** The first letters of the first and last word, at most two. */
export function initialsOf(name: string): string {
  const words = name
    .split(/[\s._@-]+/u)
    .map((word) => word.replace(/^[^\p{L}\p{N}]+/u, ""))
    .filter((word) => word !== "");
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => firstCharacter(word ?? "").toLocaleUpperCase()).join("") || "?";
}

function tintOf(seed: string): number {
  let sum = 0;
  for (let index = 0; index < seed.length; index++) sum = (sum * 31 + seed.charCodeAt(index)) >>> 0;
  return sum % 4;
}

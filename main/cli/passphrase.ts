import type { Readable, Writable } from "node:stream";

/** A terminal, or what stands in its place. */
export interface PassphraseInput extends Readable {
  readonly isTTY?: boolean;
  setRawMode?(raw: boolean): unknown;
}

/** Longest passphrase, in UTF-16 units. */
const maxLength = 4096;

/**
 * Asks for a passphrase: on a terminal without showing it, else it is the first line of what comes in. Undefined: none
 * was given (the end, or Ctrl+C). It is never taken from an argument or a variable, where others on the machine could
 * read it.
 */
export function askPassphrase(prompt: string, input: PassphraseInput, output: Writable): Promise<string | undefined> {
  const terminal = input.isTTY === true;
  if (terminal) output.write(`${prompt} `);
  input.setEncoding("utf8");
  if (terminal) input.setRawMode?.(true);
  return new Promise((resolve) => {
    let typed = "";
    function end(result: string | undefined): void {
      input.off("data", take);
      input.off("end", ended);
      input.off("error", failed);
      if (terminal) {
        input.setRawMode?.(false);
        output.write("\n");
      }
      input.pause();
      resolve(result);
    }
    /** Handles one key; false: it was the last. */
    function key(character: string): boolean {
      const isEnd = character === "\r" || character === "\n";
      const isGivenUp = terminal && (character === "\u0003" || (character === "\u0004" && typed === ""));
      if (terminal && (character === "\u007f" || character === "\b")) typed = [...typed].slice(0, -1).join("");
      else if (!isEnd) typed += character;
      if (isEnd) end(typed);
      else if (isGivenUp || typed.length > maxLength) end(undefined);
      else return true;
      return false;
    }
    const take = (chunk: string): void => void [...chunk].every(key);
    const ended = (): void => end(typed === "" ? undefined : typed);
    const failed = (): void => end(undefined);
    input.on("data", take);
    input.on("end", ended);
    input.on("error", failed);
    input.resume();
  });
}

/**
 * How Node is started for the program itself (not for its commands). Left to itself V8 gives what is new in the heap up
 * to 64 MB, and what was once taken is not given back: of a list of 10,000 contacts that is read and shown at the
 * start, more than half would be garbage that stays. With 16 MB (two halves of 8) the program is some 25 MB smaller at
 * rest.
 */
export const nodeFlags: readonly string[] = ["--max-semi-space-size=8"];

import { Memo } from "../../../shared/memo.ts";
import { type Address, domainOf, localOf } from "../../../shared/model/address.ts";
import { comparable, namedByAny } from "../../addressing/domains.ts";
import type { LegalHold } from "../../history/keeping-policy.ts";
import type { Participants, Times } from "../../history/store/candidates.ts";

interface Span {
  readonly from: number;
  readonly to: number;
}

const hour = 3600 * 1000;
const day = 24 * hour;
const maxRemembered = 2_000;

/**
 * Tells what legal holds name. A hold of an address or a domain names what it took part in, on either side: on the
 * computer of the person held, everything of their account. Where the own address is not known, every hold may mean it.
 * The dates of a hold are met by the time a message was said or by the time it came, so that no forged stamp takes it
 * out of the hold.
 */
export function createHolds(holds: readonly LegalHold[]): (who: Participants, times: Times) => boolean {
  // Each list of one domain is made once: what is compiled from it is remembered with it.
  const prepared = holds.map((hold) => ({ span: spanOf(hold), names: names(hold) }));
  const remembered = new Memo<string, readonly Span[]>(maxRemembered);
  const spansOf = (who: Participants): readonly Span[] =>
    remembered.get(JSON.stringify([who.own, who.peer, who.members]), () =>
      prepared.filter((hold) => hold.names(who)).map(({ span }) => span),
    );

  if (holds.length === 0) return () => false;
  return (who, times) => {
    const spans = spansOf(who);
    return spans.some((span) => within(span, times.sentAt) || within(span, times.receivedAt));
  };
}

function names(hold: LegalHold): (who: Participants) => boolean {
  switch (hold.type) {
    case "everything":
      return () => true;
    case "room": {
      const room = foldAddress(hold.address);
      return ({ peer }) => foldAddress(peer) === room;
    }
    case "address": {
      const held = foldAddress(hold.address);
      return ({ own, peer, members = [] }) =>
        own === undefined || [own, peer, ...members].some((address) => foldAddress(address) === held);
    }
    case "domain": {
      const patterns = [hold.domain];
      return ({ own, peer, members = [] }) =>
        own === undefined || [own, peer, ...members].some((address) => namedByAny(patterns, domainOf(address)));
    }
  }
}

/**
 * Case is not looked at: an address that IT wrote in another case is meant all the same, and a hold rather names too
 * much.
 */
function foldAddress(address: Address): string {
  return `${localOf(address).normalize("NFC").toLowerCase()}@${comparable(domainOf(address))}`;
}

/** A date alone is that day wherever on Earth it is: from midnight at UTC+14 to midnight at UTC-12. */
function spanOf({ from, to }: LegalHold): Span {
  return {
    from: from === undefined ? Number.NEGATIVE_INFINITY : Date.parse(from) - (isDate(from) ? 14 * hour : 0),
    to:
      to === undefined
        ? Number.POSITIVE_INFINITY
        : Date.parse(to) + (isDate(to) ? day + 12 * hour - 1 : lastMoment(to)),
  };
}

function isDate(text: string): boolean {
  return !text.includes("T");
}

/** A time is written to the minute or the second, and that whole minute or second is meant. */
function lastMoment(text: string): number {
  return /T\d\d:\d\d:\d\d/.test(text) ? 999 : 59_999;
}

/** A time that is none may be any. */
function within({ from, to }: Span, at: number): boolean {
  return !Number.isFinite(at) || (at >= from && at <= to);
}

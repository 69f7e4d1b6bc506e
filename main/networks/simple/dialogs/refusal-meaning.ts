/**
 * Where a subscription stands, as its owner needs it. `refused`: they or the server said no; `unknown`: there is nobody
 * of that address; `unsupported`: the server has no such package; `absent`: nobody is signed in there now; `waiting`: a
 * passing trouble. The last two are tried again by themselves.
 */
export type SubscriptionState = "pending" | "active" | "refused" | "unknown" | "unsupported" | "absent" | "waiting";

/**
 * State of a subscription after a final response other than 2xx to its SUBSCRIBE. Source: RFC 3261 section 21, RFC 3856
 * section 6.
 */
export function refusalMeaning(status: number): Exclude<SubscriptionState, "pending" | "active"> {
  switch (status) {
    // A plain registrar says 404 of whoever is not signed in (Kamailio's default), as others say 480.
    case 404:
    case 480:
      return "absent";
    case 401:
    case 403:
    case 407:
    case 603:
    case 606:
      return "refused";
    case 410:
    case 416:
    case 484:
    case 485:
    case 604:
      return "unknown";
    case 405:
    case 489:
    case 501:
      return "unsupported";
    default:
      return "waiting";
  }
}

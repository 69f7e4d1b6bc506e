import type { Protocol } from "../../shared/model/account.ts";
import type { OwnPresence } from "../../shared/model/presence.ts";

/** Northlight Instruments, the company of the demo: it makes optical sensors, and it does not exist. */
export const company = {
  name: "Northlight Instruments",
  domain: "northlight.example",
  voiceDomain: "voice.northlight.example",
} as const;

/** Person in front of the window. */
export const owner = { name: "Alex Moreau", user: "alex" } as const;

export interface Person {
  readonly user: string;
  readonly name: string;
  readonly group: "Engineering" | "Operations" | "Customer care";
  readonly protocol: Protocol;
  /** Presences that a live person goes through, `idleSince` in milliseconds before now; absent: not there today. */
  readonly day?: readonly OwnPresence[];
  /** Message that they send by themselves as soon as they are on the list of the person in front of the window. */
  readonly greeting?: string;
  /** Answers that they give in turn, whatever is said. */
  readonly answers?: readonly string[];
}

export const people: readonly Person[] = [
  {
    user: "priya",
    name: "Priya Raman",
    group: "Engineering",
    protocol: "xmpp",
    day: [
      { availability: "available", status: "Coating report, then free" },
      { availability: "in-meeting", status: "Design review until quarter past" },
      { availability: "available", status: "At my desk" },
    ],
    answers: [
      "Yes, please do. I'll bring the chipped lens.",
      "Yes, the second batch is inside tolerance. I'll send the plots after lunch.",
      "Let me check with Mei and come back to you before four.",
      "Agreed. I'd still run it once at 60 °C to be sure.",
      "Done, it's in the shared folder.",
    ],
  },
  {
    user: "jonas",
    name: "Jonas Weber",
    group: "Engineering",
    protocol: "xmpp",
    day: [
      { availability: "in-meeting", status: "Supplier call" },
      { availability: "available", status: "Back at the bench" },
    ],
    answers: [
      "In a call, two minutes.",
      "Firmware 4.2 is on the test rack now.",
      "I can do that tomorrow morning.",
      "Looks good to me, merge it.",
    ],
  },
  {
    user: "mei",
    name: "Mei Tanaka",
    group: "Engineering",
    protocol: "xmpp",
    day: [
      { availability: "available", status: "Lab 2" },
      { availability: "busy", status: "Measuring, please write instead of calling" },
    ],
    answers: [
      "Reading it now.",
      "The noise floor is 3 dB better with the new shield.",
      "Could you book Lab 2 for Thursday?",
      "Perfect, thank you!",
    ],
  },
  { user: "samuel", name: "Samuel Okafor", group: "Engineering", protocol: "xmpp" },
  {
    user: "claire",
    name: "Claire Dubois",
    group: "Operations",
    protocol: "xmpp",
    day: [{ availability: "busy", status: "Clôture du mois" }, { availability: "available" }],
    answers: [
      "Je regarde ça tout de suite.",
      "The purchase order went out at eleven.",
      "Can it wait until Monday? Month-end today.",
      "Merci, that helps.",
    ],
  },
  {
    user: "tomas",
    name: "Tomás Rivera",
    group: "Operations",
    protocol: "xmpp",
    day: [
      { availability: "away", status: "Warehouse", idleSince: 1_500_000 },
      { availability: "available", status: "Back from the warehouse" },
    ],
    answers: [
      "On my phone, at the loading dock.",
      "Pallet 14 left this morning, tracking to follow.",
      "Sure, I'll hold the truck until noon.",
    ],
  },
  {
    user: "ingrid",
    name: "Ingrid Solberg",
    group: "Operations",
    protocol: "xmpp",
    day: [
      { availability: "be-right-back", status: "Coffee" },
      { availability: "available", status: "Planning week 48" },
    ],
    answers: ["Back in five.", "Week 48 has two free slots on the line.", "I moved it to Wednesday."],
  },
  {
    user: "hannah",
    name: "Hannah Brooks",
    group: "Customer care",
    protocol: "xmpp",
    day: [
      { availability: "available", status: "Tickets" },
      { availability: "in-call", status: "With a customer" },
    ],
    answers: [
      "The customer just confirmed, all working.",
      "Ticket 2291? I'll take it.",
      "They asked for you by name, well done.",
    ],
  },
  {
    user: "luca",
    name: "Luca Ferrari",
    group: "Engineering",
    protocol: "simple",
    day: [
      { availability: "available", status: "Prototype shop" },
      { availability: "busy", status: "Milling" },
    ],
    greeting: "The first housing is done, want to see it before I go on?",
    answers: [
      "The housing is on the mill, twenty minutes left.",
      "I can make two more before five.",
      "Send me the drawing and I'll look.",
    ],
  },
  {
    user: "nadia",
    name: "Nadia Haddad",
    group: "Operations",
    protocol: "simple",
    day: [{ availability: "available" }, { availability: "in-meeting", status: "Audit preparation" }],
    greeting: "Three audit items are yours, I sent you the list. No hurry before Thursday.",
    answers: [
      "The auditor comes on the 2nd, all day.",
      "I have the list, three items are yours.",
      "Thanks, ticked off.",
    ],
  },
  {
    user: "ruth",
    name: "Ruth Adeyemi",
    group: "Customer care",
    protocol: "simple",
    day: [
      { availability: "in-call", status: "On the phones until 16:00" },
      { availability: "available", status: "Back office" },
    ],
    answers: [
      "On a call, I'll read along.",
      "Put them through to me when they ring.",
      "Sorted. They are sending the unit back.",
    ],
  },
  { user: "daniel", name: "Daniel Kowalski", group: "Customer care", protocol: "simple" },
];

/** A person's address. */
export function addressOf({ user, protocol }: Pick<Person, "user" | "protocol">): string {
  return `${user}@${protocol === "xmpp" ? company.domain : company.voiceDomain}`;
}

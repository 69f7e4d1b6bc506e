/** Words of notices: actions of people that this version cannot show. */
export const notices = {
  "notice.in.encrypted": "{name} sent an encrypted message[ ({what})]. This version of Hallway cannot read it.",
  "notice.in.reaction": "{name} reacted to a message[ with {what}]. This version of Hallway cannot show reactions.",
  "notice.in.reaction-removed": "{name} removed a reaction. This version of Hallway cannot show reactions.",
  "notice.in.call": "{name} called you. This version of Hallway cannot answer calls.",
  "notice.in.session":
    "{name} invited you to a live session. This version of Hallway cannot open it. Write an ordinary message instead.",
  "notice.in.attention": "{name} asked for your attention. This version of Hallway can only show this here.",
  "notice.in.invitation":
    "{name} invited you to the room {what}[ on behalf of {who}]. This version of Hallway cannot show rooms.",
  "notice.in.room-message":
    "[{who}: ]Private message to you from the room {what}. This version of Hallway cannot show rooms.",
  "notice.in.file": "{name} sent a file[ ({what})]. This version of Hallway cannot receive it.",
  "notice.in.sticker": "{name} sent a sticker[ ({what})]. This version of Hallway cannot show it.",
  "notice.in.location": "{name} sent a location[ ({what})]. This version of Hallway cannot show it on a map.",
  "notice.in.too-large": "{name} sent something that is too large. This version of Hallway cannot show it.",
  "notice.in.other": "{name} sent something that this version of Hallway cannot show.",
  "notice.out.encrypted":
    "You sent an encrypted message[ ({what})] from another device. This version of Hallway cannot read it.",
  "notice.out.reaction":
    "You reacted to a message[ with {what}] on another device. This version of Hallway cannot show reactions.",
  "notice.out.reaction-removed":
    "You removed a reaction on another device. This version of Hallway cannot show reactions.",
  "notice.out.call": "You called {name} from another device. This version of Hallway cannot show calls.",
  "notice.out.session":
    "You invited {name} to a live session from another device. This version of Hallway cannot show it.",
  "notice.out.attention":
    "You asked {name} for attention from another device. This version of Hallway can only show this here.",
  "notice.out.invitation":
    "You invited {name} to the room {what} from another device. This version of Hallway cannot show rooms.",
  "notice.out.room-message":
    "You sent a private message[ to {who}] in the room {what} from another device. This version of Hallway cannot show rooms.",
  "notice.out.file": "You sent a file[ ({what})] from another device. This version of Hallway cannot show it.",
  "notice.out.sticker": "You sent a sticker[ ({what})] from another device. This version of Hallway cannot show it.",
  "notice.out.location":
    "You sent a location[ ({what})] from another device. This version of Hallway cannot show it on a map.",
  "notice.out.too-large":
    "You sent something from another device that is too large. This version of Hallway cannot show it.",
  "notice.out.other": "You sent something from another device that this version of Hallway cannot show.",
} as const;

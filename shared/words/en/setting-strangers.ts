/**
 * Words of shared/settings/strangers.ts: for each setting its name, one sentence for the person, a paragraph for IT
 * (`.it`), and its choices.
 */
export const strangersSettings = {
  "settingGroup.strangers": "Strangers",
  "setting.StrangerMode": "Messages from strangers",
  "setting.StrangerMode.hint": "What happens when someone who is not a contact writes to you.",
  "setting.StrangerMode.it":
    "Open: their messages appear as a chat. Requests: they wait silently until they are accepted. Contacts only: they are refused, and the stranger learns nothing.",
  "setting.StrangerMode.open": "As a chat",
  "setting.StrangerMode.requests": "Under Requests",
  "setting.StrangerMode.contacts-only": "Refused",
  "setting.StrangerContentMode": "What you see from strangers",
  "setting.StrangerContentMode.hint": "How much of a stranger’s message you see before you accept it.",
  "setting.StrangerContentMode.it":
    "Full: all of it. Text: plain text, without links or pictures. Hidden: only the address.",
  "setting.StrangerContentMode.full": "All of it",
  "setting.StrangerContentMode.text": "Plain text",
  "setting.StrangerContentMode.hidden": "Only the address",
  "setting.OutboundBurstLimit": "New people per hour",
  "setting.OutboundBurstLimit.hint": "How many people you can write to for the first time within an hour.",
  "setting.OutboundBurstLimit.it":
    "More first messages than this within an hour are held back, so that a stolen account cannot send spam. 0: nobody new can be written to.",
  "setting.HarvestDefenseEnabled": "Hide from strangers",
  "setting.HarvestDefenseEnabled.hint": "Strangers cannot find out whether your address exists.",
  "setting.HarvestDefenseEnabled.it":
    "On: answers to strangers do not reveal whether an address exists, is online, or which software it uses.",
  "setting.LookAlikeWarningsEnabled": "Warn about look-alike addresses",
  "setting.LookAlikeWarningsEnabled.hint": "Warns when someone’s address looks like that of a contact.",
  "setting.LookAlikeWarningsEnabled.it":
    "On: an address that resembles a contact’s address or one of the person’s own domains, through similar letters or small changes, is marked before it is answered.",
} as const;

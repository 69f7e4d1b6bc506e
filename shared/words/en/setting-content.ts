/**
 * Words of shared/settings/content.ts: for each setting its name, one sentence for the person, a paragraph for IT
 * (`.it`), and its choices.
 */
export const contentSettings = {
  "settingGroup.content": "Content",
  "setting.ContentRules": "Rules for messages",
  "setting.ContentRules.hint": "What messages and files must not contain.",
  "setting.ContentRules.it":
    "Each rule finds text by a regular expression (RE2 syntax), by whole words (ignoring case and accents), or by a detector of payment cards, IBANs, Canadian social insurance numbers or US social security numbers (in their usual groups, or in one piece next to a word that names them). It then audits (writes to the log), warns (the person may still send), redacts or blocks, in one direction or both, inside the organization (the account’s own domain and AllowedDomains) or outside. Nobody is asked about incoming messages: a rule that warns only audits them. A blocked message is replaced by a notice. Rules that cannot be used let no message through.",
  "setting.ContentFailureMode": "When rules cannot be applied",
  "setting.ContentFailureMode.hint": "What happens to a message that could not be checked.",
  "setting.ContentFailureMode.it":
    "Block: the message is not sent, or not shown. Allow: it passes, and the log says so.",
  "setting.ContentFailureMode.allow": "Let it pass",
  "setting.ContentFailureMode.block": "Block it",
  "setting.LinkMode": "Links",
  "setting.LinkMode.hint": "What happens to links in messages.",
  "setting.LinkMode.it":
    "Open: a click opens the link. Warn: Hallway shows where it leads and asks. Text: links cannot be clicked. Block: messages with links are neither sent nor shown.",
  "setting.LinkMode.open": "Open",
  "setting.LinkMode.warn": "Ask first",
  "setting.LinkMode.text": "Plain text",
  "setting.LinkMode.block": "Block",
  "setting.ClipboardEnabled": "Copying from chats",
  "setting.ClipboardEnabled.hint": "Whether you can copy text from chats.",
  "setting.ClipboardEnabled.it":
    "Off: text of chats cannot be copied, dragged out or printed. Pasting into the message field still works.",
  "setting.ScreenCaptureEnabled": "Screen capture",
  "setting.ScreenCaptureEnabled.hint": "Whether screenshots can show chats.",
  "setting.ScreenCaptureEnabled.it":
    "Off: where the system can do this, the window is left out of screenshots, recordings and shared screens. The policy page says where it cannot.",
  "setting.RichTextEnabled": "Formatted text",
  "setting.RichTextEnabled.hint": "Whether messages can be formatted.",
  "setting.RichTextEnabled.it": "Off: messages are sent and shown as plain text.",
} as const;

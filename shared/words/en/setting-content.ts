/** Words of shared/settings/content.ts: for each setting its name, one sentence for the person, a paragraph for IT (`.it`), and its choices. */
export const contentSettings = {
  "settingGroup.content": "Content",
  "setting.ContentRules": "Rules for messages",
  "setting.ContentRules.hint": "What messages and files must not hold.",
  "setting.ContentRules.it":
    "Each rule finds by a regular expression (RE2 syntax), by words, or by a detector of payment cards, IBANs, Canadian social insurance numbers or US social security numbers, and audits, warns, redacts or blocks, in one direction or both, inside the organization or outside. Rules that cannot be used let no message through.",
  "setting.ContentFailureMode": "When rules cannot be applied",
  "setting.ContentFailureMode.hint": "What happens to a message that could not be checked.",
  "setting.ContentFailureMode.it": "Block: it is not sent, or not shown. Allow: it passes, and the audit log says so.",
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
  "setting.ClipboardEnabled": "Copying from conversations",
  "setting.ClipboardEnabled.hint": "Whether you can copy text out of conversations.",
  "setting.ClipboardEnabled.it": "Off: text of conversations cannot be copied, dragged out or printed. Pasting into the composer stays possible.",
  "setting.ScreenCaptureEnabled": "Screen capture",
  "setting.ScreenCaptureEnabled.hint": "Whether screenshots can show conversations.",
  "setting.ScreenCaptureEnabled.it":
    "Off: where the system can, the window is left out of screenshots, recordings and shared screens. The policy page says where it cannot.",
  "setting.RichTextEnabled": "Formatted text",
  "setting.RichTextEnabled.hint": "Whether messages can be formatted.",
  "setting.RichTextEnabled.it": "Off: messages are sent and shown as plain text.",
} as const;

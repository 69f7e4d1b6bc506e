/**
 * Words of shared/settings/files.ts: for each setting its name, one sentence for the person, a paragraph for IT
 * (`.it`), and its choices.
 */
export const filesSettings = {
  "settingGroup.files": "Files",
  "setting.FileSendEnabled": "Sending files",
  "setting.FileSendEnabled.hint": "Whether you can send files.",
  "setting.FileSendEnabled.it": "Off: no file leaves through Hallway, by whatever way.",
  "setting.FileReceiveEnabled": "Receiving files",
  "setting.FileReceiveEnabled.hint": "Whether you can receive files.",
  "setting.FileReceiveEnabled.it": "Off: offered files are refused, and links to uploaded ones are not fetched.",
  "setting.FileExternalEnabled": "Files with people outside",
  "setting.FileExternalEnabled.hint": "Whether files go to and come from people outside your organization.",
  "setting.FileExternalEnabled.it":
    "Off: files are neither sent to nor taken from people outside the domains of the own accounts.",
  "setting.FileMaxKb": "Largest file in kilobytes",
  "setting.FileMaxKb.hint": "Files larger than this are neither sent nor received.",
  "setting.FileMaxKb.it": "The limit in units of 1024 bytes, for both directions; 0 lets no file pass.",
  "setting.FileBlockedExtensions": "Blocked file endings",
  "setting.FileBlockedExtensions.hint": "Files with such a name are neither sent nor received.",
  "setting.FileBlockedExtensions.it":
    "Endings of names without their dot; an asterisk blocks every file. Case does not matter. FileBlockedTypes looks at what is in a file.",
  "setting.FileBlockedTypes": "Blocked kinds of files",
  "setting.FileBlockedTypes.hint": "Files with such contents are neither sent nor received, whatever their name.",
  "setting.FileBlockedTypes.it":
    "Media types, found from what a file holds and not from its name or from what the sender says.",
  "setting.FileTransport": "How files travel",
  "setting.FileTransport.hint": "Whether files may go directly from one computer to another.",
  "setting.FileTransport.it":
    "Server: files go only through the server’s own storage, where it can be looked after; never between two computers directly.",
  "setting.FileTransport.any": "Any way",
  "setting.FileTransport.server": "Through the server only",
  "setting.FileAutoAcceptEnabled": "Fetch files without asking",
  "setting.FileAutoAcceptEnabled.hint": "Whether files of your contacts are fetched by themselves.",
  "setting.FileAutoAcceptEnabled.it":
    "Off: the person is asked before every file, also from contacts. Files of strangers are never fetched by themselves.",
  "setting.FileEncryptionRequired": "Only encrypted files",
  "setting.FileEncryptionRequired.hint": "Files are only sent and received encrypted.",
  "setting.FileEncryptionRequired.it":
    "On: a file is sent only when it is encrypted end to end, and one that is not is not fetched.",
  "setting.FileScanner": "File scanner",
  "setting.FileScanner.hint": "What looks for malicious software in files.",
  "setting.FileScanner.it":
    "A ClamAV daemon, by its socket or over TCP, or a command that is given the file’s path last and ends with 0 when the file is clean. Files are scanned in both directions.",
  "setting.FileScannerRequired": "Only scanned files",
  "setting.FileScannerRequired.hint": "Files pass only when a scanner has found them clean.",
  "setting.FileScannerRequired.it": "On: without a scanner, or when it fails, no file is sent or opened.",
} as const;

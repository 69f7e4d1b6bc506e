/**
 * Words of shared/settings/files.ts: for each setting its name, one sentence for the person, a paragraph for IT
 * (`.it`), and its choices.
 */
export const filesSettings = {
  "settingGroup.files": "Files",
  "setting.FileSendEnabled": "Sending files",
  "setting.FileSendEnabled.hint": "Whether you can send files.",
  "setting.FileSendEnabled.it": "Off: no file can be sent through Hallway, by any method.",
  "setting.FileReceiveEnabled": "Receiving files",
  "setting.FileReceiveEnabled.hint": "Whether you can receive files.",
  "setting.FileReceiveEnabled.it": "Off: offered files are refused, and links to uploaded files are not followed.",
  "setting.FileExternalEnabled": "Files with people outside",
  "setting.FileExternalEnabled.hint": "Whether files go to and come from people outside your organization.",
  "setting.FileExternalEnabled.it":
    "Off: files are neither sent to nor accepted from people outside the domains of the person’s own accounts.",
  "setting.FileMaxKb": "Maximum file size (kilobytes)",
  "setting.FileMaxKb.hint": "Files larger than this are neither sent nor received.",
  "setting.FileMaxKb.it": "The limit in units of 1024 bytes, for both directions; 0 lets no file pass.",
  "setting.FileBlockedExtensions": "Blocked file extensions",
  "setting.FileBlockedExtensions.hint": "Files with these extensions are neither sent nor received.",
  "setting.FileBlockedExtensions.it":
    "Extensions without their dot; an asterisk blocks every file. Case does not matter. FileBlockedTypes checks the contents of files.",
  "setting.FileBlockedTypes": "Blocked file types",
  "setting.FileBlockedTypes.hint": "Files with such contents are neither sent nor received, whatever their name.",
  "setting.FileBlockedTypes.it":
    "Media types, detected from the contents of a file and not from its name or from what the sender says.",
  "setting.FileTransport": "File transfer",
  "setting.FileTransport.hint": "Whether files may go directly from one computer to another.",
  "setting.FileTransport.it":
    "Server: files go only through the server’s own storage, where they can be monitored, and never directly between two computers.",
  "setting.FileTransport.any": "Any method",
  "setting.FileTransport.server": "Through the server only",
  "setting.FileAutoAcceptEnabled": "Download files automatically",
  "setting.FileAutoAcceptEnabled.hint": "Whether files from your contacts are downloaded without asking.",
  "setting.FileAutoAcceptEnabled.it":
    "Off: the person is asked before every file, also from contacts. Files from strangers are never downloaded automatically.",
  "setting.FileEncryptionRequired": "Encrypted files only",
  "setting.FileEncryptionRequired.hint": "Files are only sent and received encrypted.",
  "setting.FileEncryptionRequired.it":
    "On: a file is sent only if it is end-to-end encrypted, and an unencrypted file is not downloaded.",
  "setting.FileScanner": "File scanner",
  "setting.FileScanner.hint": "The scanner that looks for malware in files.",
  "setting.FileScanner.it":
    "A ClamAV daemon, by its socket or over TCP, or a command that receives the file’s path as its last argument and exits with 0 if the file is clean. Files are scanned in both directions.",
  "setting.FileScannerRequired": "Scanned files only",
  "setting.FileScannerRequired.hint": "Files pass only if a scanner has found them clean.",
  "setting.FileScannerRequired.it": "On: without a scanner, or if it fails, no file is sent or opened.",
} as const;

import type { filesSettings as source } from "../en/setting-files.ts";
import type { Translation } from "../message.ts";

export const filesSettings: Translation<typeof source> = {
  "settingGroup.files": "Fichiers",
  "setting.FileSendEnabled": "Envoi de fichiers",
  "setting.FileSendEnabled.hint": "Indique si vous pouvez envoyer des fichiers.",
  "setting.FileSendEnabled.it": "Désactivé : aucun fichier ne peut être envoyé par Hallway, quel que soit le moyen.",
  "setting.FileReceiveEnabled": "Réception de fichiers",
  "setting.FileReceiveEnabled.hint": "Indique si vous pouvez recevoir des fichiers.",
  "setting.FileReceiveEnabled.it":
    "Désactivé : les fichiers proposés sont refusés et les liens vers des fichiers déposés ne sont pas suivis.",
  "setting.FileExternalEnabled": "Fichiers avec l’extérieur",
  "setting.FileExternalEnabled.hint":
    "Indique si des fichiers vont vers des personnes hors de votre organisation ou en viennent.",
  "setting.FileExternalEnabled.it":
    "Désactivé : aucun fichier n’est envoyé à des personnes hors des domaines des comptes de la personne, ni reçu d’elles.",
  "setting.FileMaxKb": "Taille maximale d’un fichier (kilo-octets)",
  "setting.FileMaxKb.hint": "Les fichiers plus gros ne sont ni envoyés ni reçus.",
  "setting.FileMaxKb.it": "La limite en unités de 1024 octets, dans les deux sens ; 0 ne laisse passer aucun fichier.",
  "setting.FileBlockedExtensions": "Extensions bloquées",
  "setting.FileBlockedExtensions.hint": "Les fichiers ayant ces extensions ne sont ni envoyés ni reçus.",
  "setting.FileBlockedExtensions.it":
    "Les extensions sans leur point ; un astérisque bloque tout fichier. La casse ne compte pas. FileBlockedTypes regarde le contenu du fichier.",
  "setting.FileBlockedTypes": "Types de fichiers bloqués",
  "setting.FileBlockedTypes.hint": "Les fichiers d’un tel contenu ne sont ni envoyés ni reçus, quel que soit leur nom.",
  "setting.FileBlockedTypes.it":
    "Des types de médias, déterminés d’après le contenu du fichier et non d’après son nom ou ce qu’en dit l’expéditeur.",
  "setting.FileTransport": "Transfert des fichiers",
  "setting.FileTransport.hint": "Indique si des fichiers peuvent aller directement d’un ordinateur à l’autre.",
  "setting.FileTransport.it":
    "Serveur : les fichiers ne passent que par le stockage du serveur, où ils peuvent être surveillés ; jamais directement entre deux ordinateurs.",
  "setting.FileTransport.any": "Tous les moyens",
  "setting.FileTransport.server": "Par le serveur seulement",
  "setting.FileAutoAcceptEnabled": "Télécharger les fichiers automatiquement",
  "setting.FileAutoAcceptEnabled.hint": "Indique si les fichiers de vos contacts sont téléchargés sans demander.",
  "setting.FileAutoAcceptEnabled.it":
    "Désactivé : la personne est interrogée avant chaque fichier, même venant de contacts. Les fichiers d’inconnus ne sont jamais téléchargés automatiquement.",
  "setting.FileEncryptionRequired": "Fichiers chiffrés seulement",
  "setting.FileEncryptionRequired.hint": "Les fichiers ne sont envoyés et reçus que chiffrés.",
  "setting.FileEncryptionRequired.it":
    "Activé : un fichier n’est envoyé que chiffré de bout en bout, et un fichier non chiffré n’est pas téléchargé.",
  "setting.FileScanner": "Analyse des fichiers",
  "setting.FileScanner.hint": "L’analyseur qui cherche des logiciels malveillants dans les fichiers.",
  "setting.FileScanner.it":
    "Un service ClamAV, par sa socket ou par TCP, ou une commande qui reçoit le chemin du fichier comme dernier argument et se termine avec 0 quand le fichier est sain. Les fichiers sont analysés dans les deux sens.",
  "setting.FileScannerRequired": "Fichiers analysés seulement",
  "setting.FileScannerRequired.hint": "Les fichiers ne passent que si une analyse les a trouvés sains.",
  "setting.FileScannerRequired.it": "Activé : sans analyse, ou si elle échoue, aucun fichier n’est envoyé ni ouvert.",
};

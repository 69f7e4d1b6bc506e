import { openRegistry, type RegistryReader, registryTypes } from "./registry.ts";

const key = "SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion";

/**
 * Folder of Windows, as the registry of the machine has it, where only an administrator writes; `%SystemRoot%` says the
 * same but is the person's to set. Undefined where the registry does not say it as a folder of a drive.
 */
export async function readWindowsFolder(
  open: () => Promise<RegistryReader> = openRegistry,
): Promise<string | undefined> {
  try {
    const value = (await open()).readKey("HKLM", key)?.values.get("SystemRoot");
    if (value?.type !== registryTypes.REG_SZ) return undefined;
    const text = new TextDecoder("utf-16le", { fatal: true }).decode(value.data).replace(/\0+$/, "");
    return /^[A-Za-z]:(?:\\[^\\/:*?"<>|\p{Cc}]+)+$/u.test(text) && text.length < 260 ? text : undefined;
  } catch {
    return undefined;
  }
}

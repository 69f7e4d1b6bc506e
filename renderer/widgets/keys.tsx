import { useWords } from "../state/app-context.ts";

export type KeyName = "ctrl" | "shift" | "alt" | "up" | "down";

function isKeyName(key: string): key is KeyName {
  return key === "ctrl" || key === "shift" || key === "alt" || key === "up" || key === "down";
}

/** A key combination as it is printed on the keys. */
export function Keys({ keys }: { readonly keys: readonly string[] }) {
  const { t } = useWords();
  return <kbd>{keys.map((key) => (isKeyName(key) ? t(`key.${key}`) : key)).join(" ")}</kbd>;
}

import type { SendStage } from "../outgoing.ts";
import type { ProtectionMethod } from "../protection-method.ts";

/** Puts an item into the form that only its recipients read, by the first method that protects it. */
export function protect({ methods }: { readonly methods: readonly ProtectionMethod[] }): SendStage {
  return async (item, next) => {
    const recipients = [item.place.address];
    for (const method of methods) {
      const protectedItem = await method.protect(item, recipients);
      if (protectedItem) return next(protectedItem);
    }
    return next(item);
  };
}

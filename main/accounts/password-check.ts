import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import type { AccountId } from "../../shared/model/account.ts";
import type { Address } from "../../shared/model/address.ts";
import type { PasswordCheck } from "../lock/proof.ts";

interface Checkable {
  readonly id: AccountId;
  readonly address: Address;
  /** The server has refused the password that is known here, or none is known. */
  readonly refused: boolean;
}

/**
 * Whether somebody knows the password of one of the accounts. One that is known here is compared; otherwise the server
 * is asked, by signing in, about the one account whose address was typed, so that no other server hears of it.
 */
export function createPasswordCheck(parts: {
  readonly accounts: () => readonly Checkable[];
  readonly password: (id: AccountId) => Promise<string | undefined>;
  /**
   * Signs in with it and out again. Resolves to false when the server refuses the password; rejects when it cannot be
   * reached.
   */
  readonly signIn: (id: AccountId, password: string) => Promise<boolean>;
}): PasswordCheck {
  async function known(): Promise<readonly string[]> {
    const found = await Promise.all(
      parts.accounts().map(({ id, refused }) => (refused ? undefined : parts.password(id))),
    );
    return found.filter((password) => password !== undefined);
  }
  return {
    async by() {
      if (parts.accounts().length === 0) return undefined;
      return (await known()).length > 0 ? "password" : "sign-in";
    },
    async check(password, address) {
      const passwords = await known();
      if (passwords.length > 0) return matchesAny(password, passwords);
      const account = parts.accounts().find((one) => one.address === address?.trim().toLowerCase());
      return account !== undefined && parts.signIn(account.id, password);
    },
  };
}

/**
 * Compares under a slow hash with a salt of its own, all of them each time, so that how long it takes tells nothing.
 */
export async function matchesAny(typed: string, passwords: readonly string[]): Promise<boolean> {
  const salt = randomBytes(16);
  const mine = await slowHash(typed, salt);
  let found = false;
  for (const password of passwords) {
    const same = timingSafeEqual(mine, await slowHash(password, salt));
    found ||= same;
  }
  return found;
}

function slowHash(text: string, salt: Uint8Array): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(text.normalize("NFC"), salt, 32, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 }, (error, hash) =>
      error ? reject(error) : resolve(hash),
    );
  });
}

import type { Protocol, ServerSettings } from "../../shared/model/account.ts";

/** Options that tests and the demo give the app: every difference from the product. */
export interface TestAppOptions {
  /** The person's files. */
  readonly folder: string;
  /** Holds `managed` and `recommended`; its files count when they belong to whoever runs the app. */
  readonly policyFolder: string;
  /** Stands for the person's folder for downloads. */
  readonly downloads: string;
  /** How long a policy file must have been left alone before it counts, in ms. */
  readonly policySettle: number;
  /** `file`: a secret store that is a plain file (tests only); `none`: a machine without one. */
  readonly secrets: "file" | "none";
  /** Port of a private name server on 127.0.0.1; absent: no names are known at all. */
  readonly dnsPort?: number;
  /** BCP 47. */
  readonly locale: string;
  /** The program's clock is this many days ahead, for rules that count in days; absent: it is right. */
  readonly daysAhead?: number;
  /** No window on a display; the page is there all the same. */
  readonly headless: boolean;
  /** Lets Playwright attach; opens a port on 127.0.0.1, so never in the product. */
  readonly debuggable: boolean;
  /** On SIGUSR2 its memory is measured and written here (memory.ts); absent: the signal is left alone. */
  readonly memoryFile?: string;
  /** Link of the desktop that it is started with. */
  readonly link?: string;
  /** Added (signed in, kept) at the first start, before anybody clicks anything. */
  readonly accounts: readonly TestAppAccount[];
}

export interface TestAppAccount {
  readonly protocol: Protocol;
  readonly address: string;
  readonly password: string;
  readonly server: ServerSettings;
  /** Put on the list after signing in, where the server does not keep one. */
  readonly contacts?: readonly {
    readonly address: string;
    readonly name: string;
    readonly groups: readonly string[];
  }[];
}

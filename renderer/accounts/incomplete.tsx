import type { ErrorInfo } from "../../shared/errors.ts";
import { Problem } from "../widgets/problem.tsx";

/** Accounts that the organization set up and that cannot be made on this computer, each with what is missing. */
export function Incomplete({ errors }: { readonly errors: readonly ErrorInfo[] }) {
  return (
    <>
      {errors.map((error) => (
        <Problem key={JSON.stringify(error)} error={error} />
      ))}
    </>
  );
}

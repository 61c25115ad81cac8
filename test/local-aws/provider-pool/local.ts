import { providerBinary } from "../tools";
import { type PoolOptions, ProviderFailure, type ProviderPool, startProviderPool } from "./index";

/** How many stacks Terraform works on at once with a pool: most of a deploy is waiting for AWS. */
export const lanesWithPool = 10;

/** Without one: each Terraform takes a core and 0.6 GB for its own provider. */
export const lanesWithoutPool = 2;

/** A pool beside a local AWS, or the reason why there is none. */
export interface LocalPool extends ProviderPool {
  /** How many stacks to work on at once. */
  readonly lanes: number;
  /** Why Terraform starts its own providers. */
  readonly steppedAside?: string;
}

/** Starts a pool where this machine has what it needs; Terraform starts its own providers elsewhere. */
export async function startLocalPool(
  options: Pick<PoolOptions, "environment" | "stackFolders">,
): Promise<LocalPool> {
  if (process.env.IR_KIT_PROVIDER_POOL === "off") return withoutPool("IR_KIT_PROVIDER_POOL is off");
  const program = providerBinary();
  if (program === undefined)
    return withoutPool(
      "no unpacked AWS provider 5.100.0 in a mirror on this machine: npm run tools brings it",
    );
  try {
    const pool = await startProviderPool({ ...options, program, lanes: lanesWithPool });
    return { ...pool, lanes: lanesWithPool };
  } catch (error) {
    if (error instanceof ProviderFailure) return withoutPool(error.message);
    throw error;
  }
}

const withoutPool = (steppedAside: string): LocalPool => ({
  environment: {},
  counts: () => ({ started: 0, processIds: [], mostAtOnce: 0 }),
  stop: async () => undefined,
  lanes: lanesWithoutPool,
  steppedAside,
});

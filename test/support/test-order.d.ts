/** A test file as Jest's sequencer knows it. */
interface Test {
  readonly path: string;
}

/** Whether a file runs on a fork of the deployed organization. */
export function needsOrganization(test: Test): boolean;

/** Whether a file is about how the organization was deployed. */
export function reviewsDeployment(test: Test): boolean;

/**
 * Tests that last long first, so that none is left alone at the end. Those that need the deployed organization wait more
 * than they compute: they come when it stands, each beside others that compute.
 */
export function ordered<T extends Test>(
  tests: readonly T[],
  facts: { readonly secondsOf: (test: T) => number; readonly workers: number },
): T[];

/** An AWS permission that a step uses, and what for. */
export interface Need {
  readonly action: string;
  readonly because: string;
}

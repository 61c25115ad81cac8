/** What the stack tells the custodian's function. */
export interface CustodyEnvironment {
  /** Table of the last manifest of each case. */
  readonly table: string;
  /** Buckets of evidence by region. */
  readonly buckets: Readonly<Record<string, string>>;
  readonly homeRegion: string;
  /** Alias of the key that signs. */
  readonly signingKey: string;
}

/** What the stack tells the function that tells of findings. */
export interface FindingsEnvironment {
  /** Table of findings that were told. */
  readonly table: string;
  readonly topicArn: string;
  readonly homeRegion: string;
}

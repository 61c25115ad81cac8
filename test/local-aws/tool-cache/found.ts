/** A tool as it lies on this machine. */
export interface FoundTool {
  readonly name: "terraform" | "provider" | "emulator";
  readonly version: string;
  /** The program; for a packed provider mirror its zip file. */
  readonly path: string;
  readonly origin: "environment variable" | "PATH" | "provider mirror" | "kit";
  /** Against pinned digests; what the machine had already is not the kit's to judge. */
  readonly verdict: "verified" | "not verified" | "as found";
}

/** What a search came to: a tool, or why what is there does not do. */
export interface Search {
  readonly found?: FoundTool;
  /** Said where something is there and can't be taken. */
  readonly passedOver?: string;
  /** Set where the user has named the tool, so that bringing another in its place would be against his word. */
  readonly named?: boolean;
}

/** Stands in for a library that completes SQL in an editor: what could stand in place of an error is not asked. */
export class CodeCompletionCore {
  readonly collectCandidates = () => ({ tokens: new Map(), rules: new Map() });
}

/**
 * What somebody types to destroy stacks one after another, though others may rest on them. Where those are left out,
 * cdktf-cli 0.21 starts a stack again and again while it is being destroyed, unless it may run but one at a time.
 *
 * @param names in the order in which they go; patterns of names too
 */
export const destroyCommand = (names: readonly string[]): string =>
  `npx cdktf destroy ${names.join(" ")} ${oneAfterAnother}`;

const oneAfterAnother = "--ignore-missing-stack-dependencies --parallelism 1";

import { analysisWalkthroughs } from "./analysis";
import { containWalkthroughs } from "./contain";
import { credentialsWalkthroughs } from "./credentials";
import { evidenceWalkthroughs } from "./evidence";
import { investigateWalkthroughs } from "./investigate";
import { recoverWalkthroughs } from "./recover";
import type { Walkthrough } from "./walkthrough";

/** In their order: what recovery takes back, containment has done. */
export const walkthroughs: readonly Walkthrough[] = [
  ...investigateWalkthroughs,
  ...evidenceWalkthroughs,
  ...analysisWalkthroughs,
  ...containWalkthroughs,
  ...credentialsWalkthroughs,
  ...recoverWalkthroughs,
];

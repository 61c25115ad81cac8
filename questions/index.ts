import { data } from "./cloudtrail/data";
import { exposure } from "./cloudtrail/exposure";
import { persistence } from "./cloudtrail/persistence";
import { principals } from "./cloudtrail/principals";
import { signIns } from "./cloudtrail/sign-ins";
import { tampering } from "./cloudtrail/tampering";
import { dnsQuestions } from "./dns-queries";
import { flowLogQuestions } from "./flow-logs";
import type { Question } from "./question";

/** Every saved question. To add one: an entry in a file of its subject, and planted rows in test/questions. */
export const questions: readonly Question[] = [
  ...principals,
  ...signIns,
  ...persistence,
  ...exposure,
  ...data,
  ...tampering,
  ...flowLogQuestions,
  ...dnsQuestions,
];

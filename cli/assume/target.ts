import { hasId, type Landscape, listedAccounts } from "../../landscape";
import { didYouMean, oneOf, show } from "../../landscape/problems";
import { caseIdMeaning, caseIdPattern, type TaskName, taskNames } from "../../landscape/tasks";
import { WrongUse } from "../errors";
import { ask } from "../prompt";

export function taskNamed(name: string): TaskName {
  const task = taskNames.find((known) => known === name);
  if (task) return task;
  throw new WrongUse(
    `${show(name)} is not a task${didYouMean(name, taskNames) || `; there are: ${oneOf(taskNames)}`}`,
  );
}

/** An account by its name in the landscape or by its id; AWS knows accounts that the landscape doesn't list. */
export function accountNamed(
  landscape: Landscape,
  name: string,
): { readonly id: string; readonly name: string } {
  const listed = listedAccounts(landscape);
  const found = listed.find(
    (account) => account.id === name || account.name.toLowerCase() === name.toLowerCase(),
  );
  if (found && hasId(found)) return found;
  if (found) throw new WrongUse(`account ${found.name} has no id yet; run: npx ir-kit bootstrap`);
  if (/^\d{12}$/.test(name)) return { id: name, name };
  const names = listed.map((account) => account.name);
  throw new WrongUse(
    `${show(name)} is not the name of an account in the landscape${didYouMean(name, names) || `; there are: ${oneOf(names)}`}` +
      "; an account that is not listed is named by its id",
  );
}

export function caseNamed(id: string): string {
  if (caseIdPattern.test(id)) return id;
  const upper = id.toUpperCase();
  const nearest = caseIdPattern.test(upper) ? `; did you mean ${show(upper)}?` : "";
  throw new WrongUse(`${show(id)} is not a case's id: ${caseIdMeaning}${nearest}`);
}

/** The case that was named, by option or by `IR_KIT_CASE`; else asks. */
export const caseOrAsk = async (named: string | undefined): Promise<string> =>
  caseNamed(
    named ??
      process.env.IR_KIT_CASE ??
      (await ask(
        "Case: ",
        "no case is given: --case <id> or IR_KIT_CASE says for which case the session is",
      )),
  );

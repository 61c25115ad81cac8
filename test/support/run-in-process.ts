import type { Run } from "../../cli/terraform";

export interface RunInProcess extends Run {
  readonly stderr: string;
}

export interface Surroundings {
  readonly directory?: string;
  /** What is set beside this process's variables; what is undefined is unset. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
}

/**
 * Runs `ir-kit` within this process, which spares a start of Node and of the kit: for commands of which many are tried
 * and that end with what they print. One at a time, since they share variables, folder and output.
 *
 * @param words what the user would type after `ir-kit`
 */
export async function runInProcess(
  words: readonly string[],
  { directory = process.cwd(), variables = {} }: Surroundings = {},
): Promise<RunInProcess> {
  // Colors are decided on when they are loaded.
  process.env.NO_COLOR = "1";
  const { runCommand } = await import("../../cli/run-command");
  const before = { directory: process.cwd(), environment: { ...process.env }, exitCode: process.exitCode };
  let [stdout, stderr, output] = ["", "", ""];
  const spies = [
    jest.spyOn(process.stdout, "write").mockImplementation((chunk) => {
      stdout += String(chunk);
      output += String(chunk);
      return true;
    }),
    jest.spyOn(process.stderr, "write").mockImplementation((chunk) => {
      stderr += String(chunk);
      output += String(chunk);
      return true;
    }),
  ];
  process.exitCode = 0;
  process.chdir(directory);
  setVariables(variables);
  try {
    return { exitCode: await runCommand(words), stdout, stderr, output };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.chdir(before.directory);
    setVariables(Object.fromEntries(Object.keys(variables).map((name) => [name, before.environment[name]])));
    process.exitCode = before.exitCode;
  }
}

function setVariables(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

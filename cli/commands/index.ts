import type { Command } from "commander";

/** What the overview tells of a command, and how the command itself is loaded: it may bring AWS's clients along. */
interface Listed {
  /** Its arguments, as the overview shows them. */
  readonly usage: string;
  readonly description: string;
  readonly load: () => Promise<Command>;
}

/** The commands of `ir-kit` by name. `test/cli/overview.test.ts` holds them to what the commands say of themselves. */
export const commands: Readonly<Record<string, Listed>> = {
  validate: {
    usage: "[options] [file]",
    description: "check the landscape: every mistake at once, each with its line and a remedy",
    load: async () => (await import("./validate")).validateCommand(),
  },
  bootstrap: {
    usage: "[options]",
    description: "make OUs and accounts, switch on trusted access, and write ids into the landscape",
    load: async () => (await import("./bootstrap")).bootstrapCommand(),
  },
  lock: {
    usage: "[options]",
    description:
      "record accounts, units, regions and stacks beside the landscape, so that none is lost unnoticed",
    load: async () => (await import("./lock")).lockCommand(),
  },
  adopt: {
    usage: "[options]",
    description:
      "take over detectors, hubs, trails, analyzers and delegations that exist; say what conflicts",
    load: async () => (await import("./adopt")).adoptCommand(),
  },
  assume: {
    usage: "[options] <task>",
    description: "take up a task in an account: from your own credentials, by the hub, into the account",
    load: async () => (await import("./assume")).assumeCommand(),
  },
  access: {
    usage: "",
    description: "what each role may do and why; decide one request; replay a trail against the guardrails",
    load: async () => (await import("./access")).accessCommand(),
  },
  respond: {
    usage: "",
    description: "contain a stolen credential and prove it, preserve a machine, and release both later",
    load: async () => (await import("./respond")).respondCommand(),
  },
  custody: {
    usage: "",
    description: "have evidence signed for, and prove later that nobody has changed it",
    load: async () => (await import("./custody")).custodyCommand(),
  },
  forensics: {
    usage: "",
    description: "open what a case has preserved on a machine that reaches nothing, and close it again",
    load: async () => (await import("./forensics")).forensicsCommand(),
  },
  query: {
    usage: "[options] [question]",
    description: "ask the organization's logs one of the saved questions of an investigation",
    load: async () => (await import("./query")).queryCommand(),
  },
  coverage: {
    usage: "[options]",
    description: "which questions of an investigation can't be answered in which account and region, and why",
    load: async () => (await import("./coverage")).coverageCommand(),
  },
  review: {
    usage: "[options] [place]",
    description: "judge what would be deployed, by rules with the controls that they serve",
    load: async () => (await import("./review")).reviewCommand(),
  },
  seal: {
    usage: "[options]",
    description: "shut the hub's account out: its principals do nothing, and reach nothing elsewhere",
    load: async () => (await import("./seal")).sealCommand(),
  },
  rehome: {
    usage: "[options]",
    description: "move the hub's roles to another account, from which all accounts are then entered",
    load: async () => (await import("./rehome")).rehomeCommand(),
  },
};

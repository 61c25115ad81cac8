/** The user asked for what can't be done as things stand; exit code 1. The message says what to do instead. */
export class Refused extends Error {}

/** The command line or an input file is wrong; exit code 2. */
export class WrongUse extends Error {}

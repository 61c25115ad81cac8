/** Input that cannot be reviewed; the message names the file and what to do. */
export class UnreadableInput extends Error {}

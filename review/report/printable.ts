/**
 * Control characters, those that turn the direction of writing, and the marker of the unknown: in a name they would
 * move a terminal's cursor or show a text as another.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\uffff]/g;

export const printable = (text: string): string => text.replace(unprintable, "\ufffd");

import { createHash } from "node:crypto";

/** A name of at most so many characters; of one that is too long its beginning, and what tells it from others. */
export const shortened = (name: string, longest: number): string => {
  if (name.length <= longest) return name;
  const digest = createHash("sha256").update(name).digest("hex").slice(0, 8);
  return `${name.slice(0, longest - digest.length - 1)}-${digest}`;
};

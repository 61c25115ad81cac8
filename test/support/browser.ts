import type { Browser } from "playwright-core";
import { findProgram, MissingTool } from "../../cli/terraform";

/** A Chromium of the machine's own. */
export function browserCommand(): string {
  const command = process.env.IR_KIT_CHROMIUM ?? findProgram("chromium") ?? findProgram("google-chrome");
  if (command !== undefined) return command;
  throw new MissingTool(
    "chromium is not on the PATH; Debian has it (apt-get install chromium), or name one in IR_KIT_CHROMIUM",
  );
}

/** What draws on a machine without a graphics card takes a core by itself, and no test looks at pixels. */
const withoutGraphics = ["--disable-gpu", "--disable-software-rasterizer"];

/** Chromium's sandbox does not start as root, which containers of CI run as; what is opened are our own pages. */
export async function launchBrowser(): Promise<Browser> {
  // Loaded when a page is opened: whether a browser is there is asked by every test that needs some tool.
  const { chromium } = await import("playwright-core");
  return chromium.launch({
    executablePath: browserCommand(),
    args: [...withoutGraphics, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  });
}

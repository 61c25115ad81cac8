import { existsSync, mkdirSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import path from "node:path";

/**
 * The working directory of providers. A configuration names a function's archive by a path from its own module's
 * folder; a provider of a pool serves many modules, so that all their assets are linked here. Their paths hold a digest
 * of what they are, so that one path is one content.
 */
export class AssetFolder {
  private readonly assets: string;

  constructor(readonly directory: string) {
    this.assets = path.join(directory, "assets");
    mkdirSync(this.assets, { recursive: true });
  }

  /** Makes the assets of modules reachable. */
  link(modules: readonly string[]): void {
    for (const module of modules) {
      const folder = path.join(module, "assets");
      for (const construct of namesIn(folder)) {
        for (const digest of namesIn(path.join(folder, construct))) {
          const link = path.join(this.assets, construct, digest);
          // What a link leads to may be gone with a folder; one that leads somewhere may be in use this moment.
          if (existsSync(link)) continue;
          mkdirSync(path.dirname(link), { recursive: true });
          rmSync(link, { force: true });
          symlinkSync(path.join(folder, construct, digest), link);
        }
      }
    }
  }
}

/** Folders of modules, each directly below one of some folders. */
export const modulesBelow = (folders: readonly string[]): string[] =>
  folders.flatMap((folder) => namesIn(folder).map((name) => path.join(folder, name)));

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
  } catch {
    return [];
  }
}

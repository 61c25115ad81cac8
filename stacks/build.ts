import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { App } from "cdktf";
import type { Construct } from "constructs";
import type { KitStack } from "../constructs/kit-stack";
import * as classes from "./classes";
import type { Plan } from "./index";

/** Builds in an app that is not written: it makes its folder all the same. */
export function inUnwrittenApp<T>(work: (app: App) => T): T {
  const outdir = mkdtempSync(path.join(tmpdir(), "ir-kit-app-"));
  try {
    return work(new App({ stackTraces: false, outdir }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Builds every stack of a plan into an app. */
export function buildStacks(scope: Construct, { stacks }: Plan): ReadonlyMap<string, KitStack> {
  const built = new Map<string, KitStack>();
  for (const { name, dependsOn, build } of stacks) {
    const stack = build(scope, classes);
    built.set(name, stack);
    for (const dependency of dependsOn) {
      const earlier = built.get(dependency);
      if (!earlier) throw new Error(`stack ${name} depends on ${dependency}, which is not built before it`);
      stack.addDependency(earlier);
    }
  }
  return built;
}

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { review } from "../../review";
import { htmlReport, readPageParts } from "../../review/report/html";
import { type Report, reportOf } from "../../review/report/model";
import { launchBrowser } from "../support/browser";
import { repository } from "../support/repository";
import { describeWithBrowser } from "../support/with-tools";

const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** Would run, end a tag or turn the direction of writing, if a name could. */
const evil = "x\"'><img src=x onerror=alert(1)></script><script>alert(2)</script>\u202e";

const policy = (...Statement: object[]) => JSON.stringify({ Statement });
const everything = { Effect: "Allow", Action: "*", Resource: "*" };
const stacks = {
  network: {
    aws_security_group: {
      open: { ingress: [{ protocol: "tcp", from_port: 22, to_port: 22, cidr_blocks: ["0.0.0.0/0"] }] },
    },
    aws_vpc: { v: { cidr_block: "10.0.0.0/16" } },
  },
  data: {
    aws_s3_bucket: { logs: { bucket: "acme-logs" } },
    aws_sqs_queue: { [evil]: { sqs_managed_sse_enabled: false } },
  },
  apps: {
    aws_iam_policy: {
      admin: { policy: policy(everything) },
      late: { policy: "${terraform_data.x.output}" },
    },
  },
};

describeWithBrowser("the page of a report", () => {
  const directory = mkdtempSync(path.join(tmpdir(), "ir-kit-page-"));
  const file = path.join(directory, "report.html");
  let browser: Browser;
  let report: Report;

  const synthesized = (name: string, changed: Partial<typeof stacks> = {}) => {
    for (const [stack, resource] of Object.entries({ ...stacks, ...changed })) {
      const folder = path.join(directory, name, "stacks", stack);
      mkdirSync(folder, { recursive: true });
      const account = stack === "data" ? "222222222222" : "111111111111";
      const provider = { aws: [{ region: "eu-west-1", allowed_account_ids: [account] }] };
      writeFileSync(path.join(folder, "cdk.tf.json"), JSON.stringify({ provider, resource }));
    }
    return path.join(directory, name);
  };

  beforeAll(async () => {
    const policies = path.join(repository, "policies");
    const found = await review({
      synthesized: synthesized("now"),
      since: synthesized("before", {
        apps: { aws_iam_policy: { ...stacks.apps.aws_iam_policy, admin: { policy: policy() } } },
      }),
      ownRules: path.join(policies, "rules"),
      today: "2026-12-01",
    });
    report = reportOf(found);
    writeFileSync(file, htmlReport(report, readPageParts(path.join(repository, "review", "report", "page"))));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(directory, { recursive: true });
  });

  async function onPage(
    work: (page: Page) => Promise<void>,
    {
      hash = "",
      context: options = {},
      complaints = /^$/,
    }: {
      readonly hash?: string;
      readonly context?: BrowserContextOptions;
      readonly complaints?: RegExp;
    } = {},
  ) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const asked: string[] = [];
    const wrong: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    page.on("dialog", (dialog) => wrong.push(dialog.message()));
    page.on("pageerror", (error) => wrong.push(error.message));
    page.on("console", (message) => wrong.push(message.text()));
    const address = pathToFileURL(file).href;
    await page.goto(address + hash);
    await work(page);
    expect(asked.filter((url) => !url.startsWith(address))).toEqual([]);
    expect(wrong.filter((message) => !complaints.test(message))).toEqual([]);
    await context.close();
  }

  /** Follows a link within the page, until the page has answered it: its own listener was there first. */
  async function follow(page: Page, link: Locator) {
    const moved = page.evaluate(
      'new Promise((done) => addEventListener("hashchange", () => done(), { once: true }))',
    );
    await link.click();
    await moved;
  }

  const shown = (page: Page) => page.locator(".finding:visible");

  it("asks for nothing, and shows what a name brings as text", () =>
    onPage(async (page) => {
      expect(await page.locator("img, iframe, link, object").count()).toBe(0);
      expect(await page.locator("script").count()).toBe(1);
      expect(await page.getByText("<img src=x onerror=alert(1)>").first().isVisible()).toBe(true);
      expect(await page.content()).not.toContain("\u202e");
    }));

  it("forbids every script but its own", () =>
    onPage(
      async (page) => {
        const ran = await page.evaluate(`new Promise((done) => {
        const refused = [];
        document.addEventListener("securitypolicyviolation", (event) => refused.push(event.violatedDirective));
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        document.body.append(script);
        setTimeout(() => done([window.ran ?? "nothing ran", ...refused]), 50);
      })`);
        expect(ran).toEqual(["nothing ran", "script-src-elem"]);
      },
      { complaints: /violates the following Content Security Policy/ },
    ));

  it.each(["light", "dark"] as const)("holds to what axe-core asks of accessibility, %s", (colorScheme) =>
    onPage(
      async (page) => {
        await page.evaluate('for (const each of document.querySelectorAll("details")) each.open = true');
        await page.evaluate(axe);
        const violations = await page.evaluate(
          "axe.run().then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html.slice(0, 200)]))",
        );
        expect(violations).toEqual([]);
      },
      { context: { colorScheme } },
    ),
  );

  it("filters by severity, state, framework, stack and words, and keeps the filter in its address", () =>
    onPage(async (page) => {
      const all = report.findings.length;
      expect(await shown(page).count()).toBe(all);
      await page.getByRole("combobox", { name: "Severity" }).selectOption("critical");
      const critical = report.findings.filter(({ severity }) => severity === "critical").length;
      expect(critical).toBeGreaterThan(1);
      expect(await shown(page).count()).toBe(critical);
      expect(await page.getByRole("status").textContent()).toBe(`${critical} of ${all} shown`);
      await page.getByRole("combobox", { name: "State" }).selectOption("unclear");
      expect(await shown(page).count()).toBe(1);
      expect(page.url()).toContain("#findings?severity=critical&state=unclear");
      await page.reload();
      expect(await shown(page).count()).toBe(1);
      await page.getByRole("button", { name: "Show all" }).click();
      await page.getByRole("searchbox").fill("acme-logs bucket");
      expect(await shown(page).count()).toBe(0);
      await page.getByRole("searchbox").fill("BUCKETS keep versions");
      expect(await shown(page).count()).toBe(1);
    }));

  it("leads from a stack in the picture to its findings", () =>
    onPage(async (page) => {
      await follow(page, page.getByRole("link", { name: /^network eu-west-1, 1 critical/ }));
      const stacksShown = await page.evaluate(
        '[...new Set([...document.querySelectorAll(".finding:not([hidden])")].map((each) => each.dataset.stack))]',
      );
      expect(stacksShown).toEqual(["network"]);
    }));

  it("opens what an address leads to", async () => {
    const control = "control-aws-fsbp-S3.5";
    await onPage(
      async (page) => {
        expect(await page.locator(`[id="${control}"]`).isVisible()).toBe(true);
        expect(await page.locator(`[id="${control}"] ul`).first().isVisible()).toBe(true);
        await follow(page, page.locator(`[id="${control}"] a`).first());
        expect(await page.locator(".finding:target").isVisible()).toBe(true);
      },
      { hash: `#${control}` },
    );
  });

  it("names the resources that are evidence for a control", () =>
    onPage(async (page) => {
      const text = await page.locator('[id="control-aws-fsbp-S3.5"]').textContent();
      expect(text).toContain("data/aws_s3_bucket.logs");
    }));

  it("tells what has changed", () =>
    onPage(async (page) => {
      const row = page.getByRole("row", { name: /aws_iam_policy\.admin wider/ });
      expect(await row.textContent()).toContain("is newly allowed");
    }));

  it("is used by keys, unless somebody switches them off", () =>
    onPage(async (page) => {
      await page.keyboard.press("j");
      await page.keyboard.press("j");
      await page.keyboard.press("k");
      const focused = () => page.evaluate("document.activeElement.id");
      expect(await focused()).toBe(await shown(page).first().getAttribute("id"));
      await page.keyboard.press("/");
      await page.keyboard.type("jk");
      expect(await page.getByRole("searchbox").inputValue()).toBe("jk");
      await page.keyboard.press("Escape");
      await page.keyboard.press("?");
      await page.getByLabel("Single keys").uncheck();
      await page.getByRole("button", { name: "Close" }).click();
      await page.keyboard.press("/");
      expect(await page.evaluate("document.activeElement.tagName")).not.toBe("INPUT");
    }));

  it("opens everything when it is printed, and closes it again", () =>
    onPage(async (page) => {
      const open = () => page.locator("details[open]").count();
      const [all, before] = [await page.locator("details").count(), await open()];
      expect(all).toBeGreaterThan(before);
      await page.evaluate('dispatchEvent(new Event("beforeprint"))');
      expect(await open()).toBe(all);
      await page.evaluate('dispatchEvent(new Event("afterprint"))');
      expect(await open()).toBe(before);
    }));

  it("is dark or light as one likes", () =>
    onPage(
      async (page) => {
        const color = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
        const light = await color();
        await page.getByRole("button", { name: "Dark or light" }).click();
        expect(await color()).not.toBe(light);
      },
      { context: { colorScheme: "light" } },
    ));

  it("is all there without a script", () =>
    onPage(
      async (page) => {
        expect(await shown(page).count()).toBe(report.findings.length);
        expect(await page.getByRole("searchbox").isVisible()).toBe(false);
      },
      { context: { javaScriptEnabled: false } },
    ));
});

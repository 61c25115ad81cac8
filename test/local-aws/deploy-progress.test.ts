import { deployProgress } from "./deploy-progress";

describe("progress of a deploy", () => {
  const tell = (...lines: string[]) => {
    const said: string[] = [];
    const details: string[] = [];
    const take = deployProgress(["trail", "log-archive"], {
      reporter: { say: (line) => said.push(line) },
      detail: (text) => details.push(text),
    });
    for (const line of lines) take(line);
    return { said, details };
  };

  it("names each stack that stands, once, though cdktf names it only where its lines begin", () => {
    const { said } = tell(
      "log-archive  aws_kms_key.key: Creating...",
      "\u001b[1mtrail\u001b[0m        aws_cloudtrail.trail: Creating...",
      "             ",
      "             Apply complete! Resources: 2 added, 0 changed, 0 destroyed.",
      "log-archive  aws_kms_key.key: Creation complete after 2s",
      "             Apply complete! Resources: 9 added, 0 changed, 0 destroyed.",
      "  other      Apply complete! Resources: 9 added, 0 changed, 0 destroyed.",
    );
    expect(said).toEqual([
      "  1 of 2 stacks: trail stands (0 s)",
      "  2 of 2 stacks: log-archive stands (0 s)",
    ]);
  });

  it("says what takes long, every half a minute, with its stack", () => {
    const { said, details } = tell(
      "log-archive  aws_s3_bucket.b: Still creating... [10s elapsed]",
      "             aws_s3_bucket.b: Still creating... [30s elapsed]",
      "             aws_s3_bucket.b: Still creating... [00m50s elapsed]",
      "             aws_s3_bucket.b: Still destroying... [id=b, 01m00s elapsed]",
      "other        aws_s3_bucket.c: Still creating... [30s elapsed]",
      "             aws_s3_bucket.c: Still creating... [30s elapsed]",
    );
    expect(said).toEqual([
      "  log-archive: still creating aws_s3_bucket.b after 30 s",
      "  log-archive: still destroying aws_s3_bucket.b after 60 s",
    ]);
    expect(details.at(-1)).toBe("log-archive: aws_s3_bucket.b: Still destroying... [id=b, 01m00s elapsed]");
  });
});

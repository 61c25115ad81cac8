import type { RawTemplate } from "../../../cli/access/template";
import { deliveryRefusal, standingRecorder, templateRefusal } from "../config-service";
import type { FrontContext } from "../front";
import { parsePolicy } from "../principals";
import type { AwsCall } from "../protocol";
import { templateParameters } from "../templates";
import type { Refusal } from "./refusal";

export const configDelivery: Refusal = {
  id: "config-delivery",
  because:
    "an account and region has one recorder of Config, and a delivery channel is made only where it can deliver: across accounts with PutObjectAcl too",
  source:
    'AWS Config developer guide, "Permissions for the Amazon S3 Bucket for the AWS Config Delivery Channel" and ' +
    '"Permissions for the IAM Role Assigned to AWS Config"; hashicorp/terraform-provider-aws#8655, ' +
    "awslabs/landing-zone-accelerator-on-aws#127, hashicorp/terraform-provider-aws#2183",
  inspect: async (call, context) => {
    if (call.service === "config" && call.operation === "PutDeliveryChannel") return channel(call, context);
    if (call.service !== "cloudformation" || !/^(Create|Update)Stack$/.test(call.operation)) return undefined;
    const template = parsePolicy(String(call.parameters.TemplateBody ?? "")) as RawTemplate | undefined;
    if (!template?.Resources) return undefined;
    const { account } = await context.callers.of(call);
    const place = { account, region: call.region };
    return templateRefusal(
      template,
      templateParameters(call),
      place,
      String(call.parameters.StackName),
      context,
    );
  },
};

async function channel(call: AwsCall, context: FrontContext) {
  const { s3BucketName, s3KeyPrefix } = (call.parameters.DeliveryChannel ?? {}) as {
    s3BucketName?: string;
    s3KeyPrefix?: string;
  };
  const place = { account: (await context.callers.of(call)).account, region: call.region };
  const recorder = await standingRecorder(place, context);
  if (s3BucketName === undefined || !recorder) return undefined;
  return deliveryRefusal(
    {
      ...place,
      ...recorder,
      bucket: s3BucketName,
      ...(s3KeyPrefix !== undefined && { folder: s3KeyPrefix }),
    },
    context,
  );
}

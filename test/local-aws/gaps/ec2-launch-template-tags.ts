import { type Gap, isCall } from "./gap";

export const ec2LaunchTemplateTags: Gap = {
  id: "ec2-launch-template-tags",
  kind: "completed",
  resources: ["aws_launch_template"],
  because: "the emulator tells a template's own tags as tags of what is launched by it",
  concerns: isCall("ec2", "DescribeLaunchTemplateVersions"),
  answer: async (call, context) => {
    const answer = await context.forward(call);
    return {
      ...answer,
      body: answer.body
        .toString()
        .replace(
          /<item>\s*<resourceType>launch-template<\/resourceType>\s*<tagSet>[\s\S]*?<\/tagSet>\s*<\/item>/g,
          "",
        ),
    };
  },
};

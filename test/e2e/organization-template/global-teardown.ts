import { TemplateFolder } from "./folder";
import { endTemplate, folderVariable } from "./start";

export default async function tearDown(): Promise<void> {
  const directory = process.env[folderVariable];
  if (directory !== undefined) await endTemplate(new TemplateFolder(directory));
}

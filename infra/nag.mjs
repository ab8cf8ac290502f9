// Holds a synthesised template to the AwsSolutions rules of cdk-nag, and prints
// what breaks them as a JSON array of {rule, resource, says}.
//
// usage: node nag.mjs TEMPLATE

import { App, Stack } from "aws-cdk-lib";
import { CfnInclude } from "aws-cdk-lib/cloudformation-include";
import { AwsSolutionsChecks } from "cdk-nag";

const stack = new Stack(new App({ analyticsReporting: false }), "stack");
new CfnInclude(stack, "template", { templateFile: process.argv[2] });
const { violations } = new AwsSolutionsChecks().validateScope(stack);
const found = violations.flatMap(({ ruleName, description, violatingResources }) =>
  violatingResources.map(({ constructPath }) => ({
    rule: ruleName,
    resource: constructPath.split("/").pop(),
    says: description,
  })),
);
process.stdout.write(JSON.stringify(found));

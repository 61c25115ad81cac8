const path = require("node:path");

const organization = path.join("test", "e2e", "organization") + path.sep;
const deployment = path.join(organization, "deploy.test.ts");

/** How long the organization is being deployed beside other tests, in seconds: those that need it wait for nothing then. */
const deploymentSeconds = 360;

const needsOrganization = ({ path: file }) => file.includes(organization);
const reviewsDeployment = ({ path: file }) => file.includes(deployment);

/** Documented in test-order.d.ts, as is what stands above. */
function ordered(tests, { secondsOf, workers }) {
  const longestFirst = [...tests].sort((a, b) => secondsOf(b) - secondsOf(a));
  const needing = longestFirst.filter(needsOrganization);
  const others = longestFirst.filter((test) => !needsOrganization(test));
  let total = 0;
  const meanwhile = others.filter((test) => {
    const fits = total < deploymentSeconds * workers;
    total += secondsOf(test);
    return fits;
  });
  const reviewing = needing.filter(reviewsDeployment);
  const waiting = [...reviewing, ...needing.filter((test) => !reviewsDeployment(test))];
  return [...meanwhile, ...mixed(waiting, others.slice(meanwhile.length))];
}

/** One that waits, then its share of those that compute, until neither is left. */
function mixed(waiting, computing) {
  const share = Math.ceil(computing.length / Math.max(1, waiting.length));
  const groups = waiting.map((test, index) => [test, ...computing.slice(index * share, (index + 1) * share)]);
  return [...groups.flat(), ...computing.slice(waiting.length * share)];
}

module.exports = { needsOrganization, ordered, reviewsDeployment };

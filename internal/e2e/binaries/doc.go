// Package binaries tests and measures the functions as they are deployed: built
// with the deployment's flags, started as the Lambda service starts them, in a
// folder with the registry beside the binary, over the local stack. Package e2e
// runs the same functions in the test's own process, where time can be stepped.
package binaries

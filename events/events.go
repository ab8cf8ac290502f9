// Package events embeds the sample webhooks of every platform, for tests and
// for the command line. No function that runs in production imports it.
package events

import "embed"

// FS holds one folder per platform, as README.md describes them.
//
//go:embed */*.body.* */*.headers.json */*.want.json */canaries.txt */*.js
var FS embed.FS

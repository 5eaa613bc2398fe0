// Package overlay holds the files that an image has on top of Debian's: units,
// rules and settings, laid out as they lie in the root.
package overlay

import "embed"

// Files are the files, by their path in the root.
//
//go:embed all:usr all:etc
var Files embed.FS

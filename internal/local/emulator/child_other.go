//go:build !linux

package emulator

import "syscall"

// dieWithParent has no equivalent here; the queues' launcher watches its input
// instead.
func dieWithParent() *syscall.SysProcAttr { return nil }

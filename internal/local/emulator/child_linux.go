package emulator

import "syscall"

// dieWithParent makes the kernel kill the child when this process ends, also
// by kill -9. A process group of its own keeps a terminal's Ctrl-C from the
// child: it stops after those that use it.
func dieWithParent() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
}

package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// resident is the memory of one process, in bytes, 0 where the system does not
// tell.
type resident struct {
	name  string
	bytes int
}

// String is the name and the megabytes.
func (r resident) String() string { return fmt.Sprintf("%s %d MB", r.name, r.bytes>>20) }

// family is the memory of this process and of those that it started.
func family() []resident {
	self := os.Getpid()
	all := []resident{{"stack", residentOf(self)}}
	folders, _ := filepath.Glob("/proc/[0-9]*") // where there are none, nothing is told
	for _, folder := range folders {
		pid, err := strconv.Atoi(filepath.Base(folder))
		if err != nil || pid == self {
			continue
		}
		if name, parent := status(pid, "Name"), status(pid, "PPid"); parent == strconv.Itoa(self) {
			all = append(all, resident{name, residentOf(pid)})
		}
	}
	return all
}

func residentOf(pid int) int {
	kilobytes, _ := strconv.Atoi(strings.TrimSuffix(status(pid, "VmRSS"), " kB")) // 0 is not known
	return kilobytes << 10
}

// status is a field of what Linux tells of a process, or blank.
func status(pid int, field string) string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, field+":"); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}

package commerce

import "strings"

// ExportTopic is the topic of deliveries that an export file was read into. They
// say how things stood when the file was written, and nothing about whether the
// system is heard.
const ExportTopic = "export"

// ExportPart begins the parts that only export files report.
const ExportPart = "export"

// Exported reports whether only export files report the part.
func Exported(part string) bool {
	return part == ExportPart || strings.HasPrefix(part, ExportPart+"/")
}

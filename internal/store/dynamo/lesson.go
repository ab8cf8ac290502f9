package dynamo

import (
	"time"

	"github.com/plumbline/plumbline/internal/record"
)

func encodeLesson(l record.Lesson) item {
	m := item{}
	putInstant(m, lessonSettled, l.Settled)
	if l.Took != 0 {
		m[lessonTook] = number(l.Took.Milliseconds())
	}
	return m
}

func (r *reader) lesson(m item) record.Lesson {
	return record.Lesson{
		Settled: r.instant(m, lessonSettled),
		Took:    time.Duration(r.number(m, lessonTook)) * time.Millisecond,
	}
}

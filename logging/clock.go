package logging

import (
	"sync/atomic"
	"time"
)

// A clockFace writes the member timestamp: RFC 3339 in UTC with three decimals,
// of a fixed width so that lines sort as text. It keeps the text of the last
// second: nearly all lines are of the same second as the one before.
type clockFace struct{ last atomic.Pointer[secondText] }

type secondText struct {
	unix int64
	text string // "timestamp":"2024-11-16T12:34:56.
}

func (c *clockFace) append(dst []byte, t time.Time) []byte {
	unix := t.Unix()
	s := c.last.Load()
	if s == nil || s.unix != unix {
		u := t.UTC()
		if y := u.Year(); y < 0 || y > 9999 {
			return append(dst, `"timestamp":"0000-01-01T00:00:00.000Z",`...) // not a time RFC 3339 can write
		}
		s = &secondText{unix, `"timestamp":"` + u.Format("2006-01-02T15:04:05.")}
		c.last.Store(s)
	}
	ms := t.Nanosecond() / 1e6
	dst = append(dst, s.text...)
	return append(dst, byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10), 'Z', '"', ',')
}

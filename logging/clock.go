package logging

import (
	"sync/atomic"
	"time"
)

// A clockFace writes the time of a line in RFC 3339, in UTC, with exactly
// three decimals, so that lines sort as text. It caches the text of the last
// second, because most lines share the second of the line before.
type clockFace struct{ last atomic.Pointer[secondText] }

type secondText struct {
	unix int64
	text string // "timestamp":"2024-11-16T12:34:56.
}

// append appends the member and a comma. All calls have the same name. RFC 3339
// cannot express years outside 0 to 9999; they appear as 0000-01-01.
func (c *clockFace) append(dst []byte, name string, t time.Time) []byte {
	unix := t.Unix()
	s := c.last.Load()
	if s == nil || s.unix != unix {
		u := t.UTC()
		if y := u.Year(); y < 0 || y > 9999 {
			return append(dst, `"`+name+`":"0000-01-01T00:00:00.000Z",`...)
		}
		s = &secondText{unix, `"` + name + `":"` + u.Format("2006-01-02T15:04:05.")}
		c.last.Store(s)
	}
	ms := t.Nanosecond() / 1e6
	dst = append(dst, s.text...)
	return append(dst, byte('0'+ms/100), byte('0'+ms/10%10), byte('0'+ms%10), 'Z', '"', ',')
}

package statuspage

import (
	"fmt"
	"html/template"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/sligo-go/sligo/slo"
)

// nb is a space at which a line does not break.
const nb = "\u00a0"

// language writes messages, numbers and times. Its methods return plain text,
// except those that return [template.HTML].
type language struct {
	code     string            // of the lang attribute
	name     string            // in the language itself
	messages map[string]string // by key; some have markup
	space    string            // before a percent sign
	unit     func(n int64, unit byte) string
	date     func(t time.Time, year bool) string
	times    string // after a rate
}

var (
	english = &language{
		code: "en", name: "English", messages: englishMessages, space: nb, times: "×",
		unit: func(n int64, unit byte) string { return strconv.FormatInt(n, 10) + nb + englishUnits[unit] },
		date: func(t time.Time, year bool) string { return t.Format(pick(year, "Mon 2 Jan 2006", "Mon 2 Jan")) },
	}
	korean = &language{
		code: "ko", name: "한국어", messages: koreanMessages, times: "배",
		unit: func(n int64, unit byte) string { return strconv.FormatInt(n, 10) + koreanUnits[unit] },
		date: koreanDate,
	}
	languages = []*language{english, korean}
)

var (
	englishUnits = map[byte]string{'d': "d", 'h': "h", 'm': "min", 's': "s"}
	koreanUnits  = map[byte]string{'d': "일", 'h': "시간", 'm': "분", 's': "초"}
	koreanDays   = [...]string{"일", "월", "화", "수", "목", "금", "토"}
)

func koreanDate(t time.Time, year bool) string {
	text := fmt.Sprintf("%d월 %d일(%s)", t.Month(), t.Day(), koreanDays[t.Weekday()])
	if year {
		return fmt.Sprintf("%d년 %s", t.Year(), text)
	}
	return text
}

func pick[T any](condition bool, yes, no T) T {
	if condition {
		return yes
	}
	return no
}

// Code returns the language's code, for templates.
func (l *language) Code() string { return l.code }

// T returns a message without arguments, for templates.
func (l *language) T(key string) string { return l.text(key) }

// text returns a message. The arguments are pairs of a name and a value, which
// replaces the name in braces.
func (l *language) text(key string, args ...any) string {
	return l.fill(key, args, func(value any) string { return fmt.Sprint(value) })
}

// html returns a message with its markup. Values are escaped, unless they are
// HTML themselves.
func (l *language) html(key string, args ...any) template.HTML {
	return template.HTML(l.fill(key, args, func(value any) string { //nolint:gosec // values are escaped
		if markup, ok := value.(template.HTML); ok {
			return string(markup)
		}
		return template.HTMLEscapeString(fmt.Sprint(value))
	}))
}

func (l *language) fill(key string, args []any, show func(any) string) string {
	message, ok := l.messages[key]
	if !ok {
		return key
	}
	if len(args) == 0 {
		return message
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, "{"+args[i].(string)+"}", show(args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(message)
}

// percent returns a ratio in percent with one decimal: "16.0 %".
func (l *language) percent(ratio *big.Rat) string { return percent(ratio, 1) + l.space + "%" }

// share returns a share of a definition in percent, exactly: "75 %".
func (l *language) share(s fmt.Stringer) string {
	return strings.TrimSuffix(s.String(), "%") + l.space + "%"
}

// percentShort returns a limit in percent without needless decimals: "25 %".
func (l *language) percentShort(ratio *big.Rat) string {
	return decimalOf(new(big.Rat).Mul(ratio, hundred)) + l.space + "%"
}

// tick returns a date on an axis: "27 Oct".
func (l *language) tick(t time.Time) string {
	if l == korean {
		return fmt.Sprintf("%d월 %d일", t.Month(), t.Day())
	}
	return t.Format("2 Jan")
}

// rate returns a burn rate: "3.1×".
func (l *language) rate(r *big.Rat, factors ...*big.Rat) string { return rate(r, factors...) + l.times }

// count returns a number of events: "199,916".
func (l *language) count(n uint64) string { return thousands(strconv.FormatUint(n, 10)) }

var timeUnits = []struct {
	letter byte
	length time.Duration
}{{'d', 24 * time.Hour}, {'h', time.Hour}, {'m', time.Minute}, {'s', time.Second}}

// span returns a duration in its two largest units, rounded down: "1 d 13 h".
func (l *language) span(d time.Duration) string {
	d = max(d, 0)
	for i, unit := range timeUnits {
		if d < unit.length {
			continue
		}
		text := l.unit(int64(d/unit.length), unit.letter)
		if i+1 < len(timeUnits) {
			if rest := d % unit.length / timeUnits[i+1].length; rest > 0 {
				text += nb + l.unit(int64(rest), timeUnits[i+1].letter)
			}
		}
		return text
	}
	return l.unit(0, 's')
}

// window returns the period of a promise: "30 d", "month".
func (l *language) window(w slo.Window, now time.Time) string {
	if !w.IsCalendar() {
		return l.span(w.Length(now))
	}
	text := l.text("period_" + string(w.Period()))
	if zone := w.Location().String(); zone != "UTC" {
		text += nb + "(" + zone + ")"
	}
	return text
}

// when returns a moment in UTC, on one line. The year is there if it is not
// the year of now.
func (l *language) when(t, now time.Time) template.HTML {
	t = t.UTC()
	return l.moment(t, l.date(t, t.Year() != now.UTC().Year())+" "+t.Format("15:04")+" UTC")
}

// day returns the date of a moment in UTC.
func (l *language) day(t, now time.Time) template.HTML {
	t = t.UTC()
	return l.moment(t, l.date(t, t.Year() != now.UTC().Year()))
}

// clock returns the time of a moment in UTC.
func (l *language) clock(t time.Time) template.HTML {
	return l.moment(t.UTC(), t.UTC().Format("15:04")+" UTC")
}

// until returns the end of a period that begins at a moment, without the date
// if it is the same day.
func (l *language) until(begin, end, now time.Time) template.HTML {
	if b, e := begin.UTC(), end.UTC(); b.YearDay() == e.YearDay() && b.Year() == e.Year() {
		return l.clock(end)
	}
	return l.when(end, now)
}

// moment returns a time in words, which are exact to the minute. The attribute
// has no seconds either, or each of them would change the part of the page.
func (l *language) moment(t time.Time, text string) template.HTML {
	text = template.HTMLEscapeString(strings.ReplaceAll(text, " ", nb))
	return template.HTML(`<time datetime="` + t.Format("2006-01-02T15:04Z07:00") + `">` + text + `</time>`) //nolint:gosec // escaped
}

// milliseconds returns a duration of an answer: "38 ms", "1.2 s".
func (l *language) milliseconds(d time.Duration) string {
	if d >= 10*time.Second {
		return l.text("seconds", "n", strconv.FormatInt(int64(d/time.Second), 10))
	}
	if d >= time.Second {
		return l.text("seconds", "n", fixed(big.NewRat(int64(d), int64(time.Second)), 1))
	}
	if d < time.Millisecond {
		return l.text("milliseconds", "n", fixed(big.NewRat(int64(d), int64(time.Millisecond)), 1))
	}
	return l.text("milliseconds", "n", strconv.FormatInt(int64(d.Round(time.Millisecond)/time.Millisecond), 10))
}

package canary

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
)

// failures adds errors and panics.
func failures(s *set) {
	s.must("E01", "error", "error text with postgres DSN", pw, any1("error_message", errors.New("dial postgres://bob:"+pw+"@db:5432/x: refused")))
	s.must("E02", "error", "wrapped error, DSN inside", pw, any1("err", fmt.Errorf("start: %w", errors.New("bad dsn bob:"+pw+"@tcp(db:3306)/x"))))
	s.must("E03", "error", "errors.Join", pw, any1("err", errors.Join(errors.New("a"), errors.New("password="+pw))))
	s.must("E04", "error", "*url.Error with query token", pw, any1("err", &url.Error{Op: "Get", URL: "https://a.example/?token=" + pw, Err: errors.New("EOF")}))
	s.must("E05", "error", "error type with MarshalJSON", pw, any1("err", jsonErrT{pw}))
	s.must("E06", "error", "stack trace text with argument", pw, str1("stack_trace", "panic: bad password="+pw+"\n\ngoroutine 1 [running]:\nmain.f()\n\t/app/m.go:10"))
	s.must("E07", "error", "panic value any(recover())", pw, func(l *slog.Logger) {
		defer func() { l.Error("panic", slog.Any("panic", recover())) }()
		panic(fmt.Sprintf("token=%s invalid", pw))
	})
	s.must("E08", "error", "error with exported Password field (text is clean)", pw, any1("err", &myErr{"7", pw}))
	s.must("E09", "error", "error inside a map", pw, any1("m", map[string]any{"err": errors.New("password=" + pw)}))
}

package canary

import (
	"errors"
	"fmt"
	"net/url"
)

type codedError struct{ Code, Password string }

func (e *codedError) Error() string { return "code " + e.Code }

type jsonedError struct{ p string }

func (e jsonedError) Error() string                { return "boom" }
func (e jsonedError) MarshalJSON() ([]byte, error) { return []byte(`{"password":"` + e.p + `"}`), nil }

type panickingError struct{ p string }

func (e panickingError) Error() string { panic("secret=" + e.p) }

// failures returns errors.
func failures() map[string]call {
	return map[string]call{
		"E02":  info("err", fmt.Errorf("start: %w", errors.New("bad dsn bob:"+pw+"@tcp(db:3306)/x"))),
		"E03":  info("err", errors.Join(errors.New("a"), errors.New("password="+pw))),
		"E04":  info("err", &url.Error{Op: "Get", URL: "https://a.example/?token=" + pw, Err: errors.New("EOF")}),
		"E05":  info("err", jsonedError{pw}),
		"E08":  info("err", &codedError{"7", pw}),
		"SV58": v(panickingError{pw}),
		"SV59": v(errors.Join(fmt.Errorf("a: %w", errors.Join(errors.New("password is "+pw))))),
		"WV12": v(&url.Error{Op: "Get", URL: "https://b:" + pw + "@h/", Err: errors.New("x")}),
		"WV14": v(fmt.Errorf("auth: %w", errors.New("invalid password: "+pw))),
	}
}

// failuresWithin returns values that contain errors.
func failuresWithin() map[string]call {
	return map[string]call{
		"E09":  info("m", map[string]any{"err": errors.New("password=" + pw)}),
		"SV56": v([]error{errors.New("a"), errors.New("token=" + pw)}),
		"SV57": v(struct{ Err error }{fmt.Errorf("x: %w", errors.New("secret: "+pw))}),
		"WV15": v(map[string]error{"x": errors.New("api_key=" + pw)}),
	}
}
